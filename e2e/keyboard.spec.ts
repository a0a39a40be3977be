/** The portal by keyboard alone: a key, an invitation, a failed run, and what AI cost. No pointer moves in these stories. */
import { expect, type Page } from '@playwright/test';
import { personWithRole } from '@/e2e/demo';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

test.use({ plan: 'PROFESSIONAL' });

/** More stops than any page of the portal has before what a person looks for. */
const mostStops = 120;

/** What has the focus, as its name reads: its label, or its text. */
const focused = (page: Page): Promise<{ name: string; tag: string; isSeen: boolean }> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
    const name = element.getAttribute('aria-label') ?? labels[0]?.textContent ?? element.textContent ?? '';
    const box = element.getBoundingClientRect();
    return { name: name.trim(), tag: element.tagName, isSeen: box.width > 0 && box.height > 0 };
  });

/** Tab until what is named so has the focus; each stop on the way is one that a person sees. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let stop = 0; stop < mostStops; stop++) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.tag !== 'BODY') expect(at.isSeen, `“${at.name}” has the focus and is not seen`).toBe(true);
    if (name.test(at.name)) return;
  }
  throw new Error(`Tab does not come to ${name}`);
}

async function enter(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

const titled = (page: Page, title: RegExp | string) =>
  expect(page.getByRole('heading', { level: 1 })).toHaveText(title);

test('an admin creates a key and invites a colleague', async ({ organization, page }) => {
  await signIn(page, organization.person('ADMIN'), '/');
  await enter(page, /^API keys$/);
  await titled(page, 'API keys');
  await enter(page, /^Create key$/);
  await titled(page, /Create/);
  await tabTo(page, /^Name/);
  await page.keyboard.type('by-keyboard');
  await enter(page, /^Create key$/);
  await expect(page.getByLabel('API key', { exact: true })).toBeFocused();
  await tabTo(page, /^I stored this key/);
  await page.keyboard.press('Space');
  await enter(page, /^Done$/);
  await titled(page, 'API keys');
  await expect(page.getByRole('main')).toContainText('by-keyboard');

  await enter(page, /^Team$/);
  await titled(page, 'Team');
  await enter(page, /^Invite/);
  await titled(page, /Invite/);
  await tabTo(page, /address/i);
  await page.keyboard.type('jo@by-keyboard.example');
  await enter(page, /^(Invite|Send)/);
  await titled(page, 'Team');
  await expect(page.getByRole('main')).toContainText('jo@by-keyboard.example');
});

test('a viewer finds a failed run, reads why it failed, and what AI cost', async ({ page }) => {
  await signIn(page, personWithRole('VIEWER'), '/');
  await enter(page, /failed runs, show them$/);
  await titled(page, /Pipelines|Runs/);
  await page.keyboard.press('Tab');
  const run = page.getByRole('main').getByRole('rowheader').first().getByRole('link');
  const name = ((await run.textContent()) ?? '').trim();
  await enter(page, new RegExp(`^${name}`));
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}/);
  await expect(page.getByRole('main')).toContainText(/failed/i);

  await enter(page, /^AI usage$/);
  await titled(page, 'AI usage');
  await expect(page.getByRole('main')).toContainText(/\$[\d,.]+/);
});
