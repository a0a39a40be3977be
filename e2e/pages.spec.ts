import { expect, test } from '@playwright/test';
import { personWithRole } from '@/e2e/demo';
import { firstLoadBytes, lookAt, policyViolations } from '@/e2e/look';
import { memberPages, publicPages } from '@/e2e/pages';
import { signIn } from '@/e2e/sign-in';

// What a viewer sees is part of what an owner sees, so that two of the four looks say enough.
const looks = [
  { theme: 'light', width: 1440, height: 900, roles: ['OWNER', 'VIEWER'] },
  { theme: 'dark', width: 1440, height: 900, roles: ['OWNER'] },
  { theme: 'light', width: 390, height: 844, roles: ['OWNER'] },
  { theme: 'dark', width: 390, height: 844, roles: ['OWNER', 'VIEWER'] },
] as const;

const fileName = (path: string) => path.replaceAll('/', '_').replace(/^_$/, '_overview');

for (const { theme, width, height, roles } of looks) {
  test.describe(`${theme} at ${width}`, () => {
    test.use({ colorScheme: theme, viewport: { width, height } });

    test('public pages pass', async ({ page }) => {
      const violations = policyViolations(page);
      for (const path of publicPages) {
        await page.goto(path);
        await lookAt(page, `${theme}-${width}${fileName(path)}`);
      }
      expect(violations).toEqual([]);
    });

    for (const role of roles) {
      test(`all pages pass for a ${role}`, async ({ page }) => {
        test.setTimeout(240_000);
        await signIn(page, personWithRole(role));
        const violations = policyViolations(page);
        for (const path of memberPages()) {
          const answer = await page.goto(path);
          expect(answer?.status(), path).toBeLessThan(role === 'OWNER' ? 400 : 404);
          await lookAt(page, `${theme}-${width}-${role.toLowerCase()}${fileName(path)}`);
        }
        expect(violations).toEqual([]);
      });
    }
  });
}

test('no page loads more than 150,000 bytes of scripts first', async ({ page }) => {
  await signIn(page, personWithRole('OWNER'));
  for (const path of [...publicPages, ...memberPages()]) {
    expect(await firstLoadBytes(page, path), path).toBeLessThanOrEqual(150_000);
  }
});
