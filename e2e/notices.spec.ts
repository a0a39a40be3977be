/** Notices: every change ends in one on the page where the person lands, once, and no address can make one. */
import { type Browser, expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { axeFindings } from '@/e2e/look';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

const notice = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

/** By the search, which asks Postgres: lists ask BigQuery. */
async function rename(page: Page, name: string): Promise<void> {
  await page.goto('/search?q=worker');
  await page.locator('#main').getByRole('link', { name: 'worker' }).click();
  await page
    .getByRole('link', { name: /^Rename/ })
    .first()
    .click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('button', { name: 'Save name' }).click();
}

test('renaming and revoking a key say so once: a reload says nothing, and neither does an address', async ({
  organization,
  page,
}) => {
  await organization.createKey('runs:write');
  await signIn(page, organization.person('ADMIN'), '/settings/profile');
  await rename(page, 'nightly');
  await expect(notice(page, 'The key is called nightly now.')).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  const { pathname } = new URL(page.url());
  await page.reload();
  await expect(page.getByRole('heading', { name: 'nightly' })).toBeVisible();
  await expect(notice(page, 'is called')).toHaveCount(0);
  await page.goto(`${pathname}?done=renamed`);
  await expect(page.getByRole('heading', { name: 'nightly' })).toBeVisible();
  await expect(notice(page, 'is called')).toHaveCount(0);
  await page
    .getByRole('link', { name: /^Revoke/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await expect(notice(page, /nightly \(.*\) is revoked/)).toBeVisible();
  await page.getByRole('button', { name: 'Close this notice' }).click();
  await expect(notice(page, 'is revoked')).toHaveCount(0);
  await expect(page.locator('#main')).toBeFocused();
});

test('settings of the organization end in a notice, and the frame has the new name', async ({ organization, page }) => {
  await signIn(page, organization.person('OWNER'), '/settings/organization');
  await page.getByRole('textbox', { name: 'Name' }).fill(`${organization.companyName} Ltd`);
  await page.getByRole('textbox', { name: 'Billing email' }).fill('billing@example.com');
  await page.getByRole('button', { name: /^Save/ }).click();
  await expect(notice(page, 'Settings saved.')).toBeVisible();
  await expect(page.getByRole('banner')).toContainText(`${organization.companyName} Ltd`);
});

test('creating a source and turning it off say so, and turning it off is undone by its notice', async ({
  organization,
  page,
}) => {
  await signIn(page, organization.person('ADMIN'), '/sources/new');
  await page.getByRole('textbox', { name: 'Name' }).fill('shop');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Create source' }).click();
  await expect(notice(page, 'shop is there and takes events.')).toBeVisible();
  await page.goto(`${page.url()}/edit`);
  await page.getByRole('button', { name: 'Turn off' }).click();
  await expect(notice(page, 'shop is off')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(notice(page, 'shop takes events again.')).toBeVisible();
  await expect(notice(page, 'shop is off')).toHaveCount(0);
});

test('who leaves their only organization is told so on the page where they land', async ({ organization, page }) => {
  await signIn(page, organization.person('VIEWER'), '/team/leave');
  await page.getByRole('button', { name: /^Leave/ }).click();
  await expect(page).toHaveURL(/\/welcome$/);
  await expect(notice(page, 'You left the organization.')).toBeVisible();
  await page.reload();
  await expect(notice(page, 'You left')).toHaveCount(0);
});

test('an address that claims that something was done says nothing', async ({ organization, page }) => {
  await signIn(page, organization.person('OWNER'), '/settings/danger');
  await page.goto('/settings/danger?done=restored');
  await expect(notice(page, 'is restored')).toHaveCount(0);
});

async function plainPage(browser: Browser, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ baseURL: demo().portal, javaScriptEnabled: false });
  await work(await context.newPage()).finally(() => context.close());
}

test('without scripts a notice is said once too', async ({ browser, organization }) => {
  await organization.createKey('runs:write');
  await plainPage(browser, async page => {
    await signIn(page, organization.person('ADMIN'), '/settings/profile');
    await rename(page, 'plainly');
    await expect(notice(page, 'The key is called plainly now.')).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { name: 'plainly' })).toBeVisible();
    await expect(notice(page, 'is called')).toHaveCount(0);
  });
});
