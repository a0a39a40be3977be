/** What goes wrong on the way leaves pages usable: no font, no scripts, a slow connection; and nothing jumps while a page is drawn. */
import { expect, type Page } from '@playwright/test';
import { personWithRole } from '@/e2e/demo';
import { test } from '@/e2e/organization';
import { memberPages, publicPages } from '@/e2e/pages';
import { signIn } from '@/e2e/sign-in';

/** The most that a page may shift while it is drawn, as browsers count it. Source: docs/ui.md, Identity. */
const mostShift = 0.02;

/** Sum of what has shifted on the open page without anybody's doing. */
const shiftOf = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>(resolve => {
        let sum = 0;
        new PerformanceObserver(list => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
            if (!entry.hadRecentInput) sum += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => setTimeout(() => resolve(sum), 100));
      }),
  );

test('no page shifts by more than 0.02 while it is drawn, on a desk or on a phone', async ({ page }) => {
  test.setTimeout(memberPages().length * 12_000);
  await signIn(page, personWithRole('OWNER'));
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const path of [...publicPages, ...memberPages()]) {
      await page.goto(path);
      expect(await shiftOf(page), `${path} at ${width}`).toBeLessThan(mostShift);
    }
  }
});

test('a font that does not come leaves the text readable at once', async ({ page }) => {
  await page.route(/\.woff2/, route => route.abort());
  await signIn(page, personWithRole('OWNER'), '/keys');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API keys');
  const family = await page.evaluate(() => getComputedStyle(document.body).fontFamily);
  expect(family).toMatch(/fallback/i);
  expect(await page.evaluate(() => document.fonts.check('14px sans-serif'))).toBe(true);
});

test('scripts that do not come leave links, filters and forms usable', async ({ organization, page }) => {
  await signIn(page, organization.person('ADMIN'), '/keys');
  await page.route(/\/_next\/static\/.*\.js/, route => route.abort());
  await page.goto('/keys/new');
  await page.getByRole('textbox', { name: 'Name' }).fill('without scripts');
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByLabel('API key', { exact: true })).toHaveValue(/^ty_live_/);
  await page.goto('/keys?status=all');
  await page.getByRole('searchbox', { name: 'Search' }).or(page.getByLabel('Search')).first().fill('without');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/q=without/);
  await expect(page.getByRole('main')).toContainText('without scripts');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Team' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Team');
});
