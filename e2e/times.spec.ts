/** Times: what hover and focus show, copying, keys within a table, and the clock that a person chooses. */
import { expect, type Page } from '@playwright/test';
import { axeFindings } from '@/e2e/look';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

test.use({ timezoneId: 'Asia/Kathmandu', permissions: ['clipboard-read', 'clipboard-write'] });

const box = (page: Page) => page.locator('#time-box');
const times = (page: Page) => page.getByRole('table').locator('time');

test.beforeEach(async ({ organization, page }) => {
  for (const _ of [1, 2, 3]) await organization.createKey('runs:write');
  await signIn(page, organization.person('ADMIN'), '/keys');
});

test('hovering a time shows it local, in UTC and relative; the box can be hovered, and Esc closes it', async ({
  page,
}) => {
  const time = times(page).first();
  await expect(time).toHaveAttribute('tabindex', '0');
  await time.hover();
  await expect(box(page)).toContainText(/Local \(Asia\/Kath?mandu\)/);
  await expect(box(page)).toContainText('UTC+5:45');
  await expect(box(page)).toContainText(/(just now|min ago)/);
  await box(page).hover();
  await page.waitForTimeout(400);
  await expect(box(page)).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(box(page)).toBeHidden();
});

test('a click copies the instant as ISO and says so', async ({ page }) => {
  const time = times(page).first();
  await time.click();
  const iso = await time.getAttribute('datetime');
  await expect(box(page).getByRole('status')).toHaveText(`Copied ${iso}`);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(iso);
});

test('a table is one stop of the Tab key; arrows go from time to time, and Enter copies', async ({ page }) => {
  await expect(times(page).first()).toHaveAttribute('tabindex', '0');
  expect(await page.locator('table time[tabindex="0"]').count()).toBe(1);
  for (let step = 0; step < 80; step += 1) {
    if (
      await times(page)
        .first()
        .evaluate(time => time === document.activeElement)
    )
      break;
    await page.keyboard.press('Tab');
  }
  await expect(times(page).first()).toBeFocused();
  await expect(box(page)).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(times(page).nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(box(page).getByRole('status')).toHaveText(/^Copied /);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('TIME');
  await expect(box(page)).toBeHidden();
});

async function choose(page: Page, display: string, zone: string): Promise<void> {
  await page.goto('/settings/profile');
  await page.getByRole('radio', { name: display }).check();
  await page.getByRole('combobox', { name: 'Time zone' }).fill(zone);
  await page.getByRole('button', { name: 'Save' }).click();
}

test('exact local times follow the browser’s zone, or the one that was chosen', async ({ page }) => {
  await choose(page, 'Exact, local', '');
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.goto('/keys');
  await expect(times(page).first()).toContainText('UTC+5:45');
  await choose(page, 'Exact, local', 'America/New_York');
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.goto('/keys');
  await expect(times(page).first()).toContainText(/UTC-[45]/);
  await times(page).first().hover();
  await expect(box(page)).toContainText('Local (America/New_York)');
  await choose(page, 'Exact, local', 'Moon/Tranquility');
  await expect(page.getByText('This is not a time zone, such as Europe/Berlin.').first()).toBeVisible();
});

test('without scripts a chosen zone is written by the server, and a time still has its UTC instant', async ({
  browser,
  organization,
  page,
}) => {
  await choose(page, 'Exact, local', 'America/New_York');
  await expect(page.getByText('Saved.')).toBeVisible();
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: new URL(page.url()).origin });
  const plain = await context.newPage();
  await signIn(plain, organization.person('ADMIN'), '/keys');
  await expect(times(plain).first()).toContainText(/UTC-[45]/);
  await expect(times(plain).first()).toHaveAttribute('title', /UTC$/);
  await context.close();
});
