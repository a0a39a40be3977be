/** The documentation as a reader uses it: found by keyboard, read in one's language, reached from an error, printed, without scripts. */
import { expect } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

test('the type of a problem leads to the code’s own place, also from the data plane’s address', async ({ page }) => {
  const answer = await fetch(`${demo().dataPlane}/v1/quota`, { headers: { authorization: 'Bearer ty_live_nothing' } });
  const { type } = (await answer.json()) as { type: string };
  await page.goto(new URL(type, demo().dataPlane).href);
  await expect(page).toHaveURL(`${demo().portal}/docs/errors#invalid_key`);
  await expect(page.locator('#invalid_key')).toBeInViewport();
  await expect(page.locator('#invalid_key')).toContainText('Check that it was copied whole');
});

test('an anchor of the one page that /docs was leads on', async ({ page }) => {
  await page.goto('/docs#quota_exceeded');
  await page.locator('#quota_exceeded').getByRole('link').click();
  await expect(page).toHaveURL(/\/docs\/errors#quota_exceeded$/);
});

test('search is used by keyboard alone: words, arrows, Enter', async ({ page }) => {
  await page.goto('/docs');
  const box = page.getByRole('combobox', { name: 'Search the documentation' });
  await box.focus();
  await page.keyboard.type('rate limts');
  const options = page.getByRole('option');
  await expect(options.first()).toContainText('Rate limits');
  await page.keyboard.press('ArrowDown');
  await expect(box).toHaveAttribute('aria-activedescendant', (await options.nth(1).getAttribute('id')) ?? '');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/docs\/authentication#rate-limits$/);
  await box.focus();
  await box.fill('zzzz');
  await expect(options).toHaveCount(0);
});

test('a language is chosen once for all samples of all pages', async ({ page }) => {
  await page.goto('/docs/quickstart');
  const python = page.getByRole('group', { name: / in Python$/ });
  await expect(python.first()).toBeHidden();
  await page.getByRole('radio', { name: 'Python' }).first().check();
  for (const group of await python.all()) await expect(group).toBeVisible();
  await page.goto('/docs/runs');
  await expect(python.first()).toBeVisible();
  await expect(page.getByRole('group', { name: / in curl$/ }).first()).toBeHidden();
});

test('code is copied as it stands', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/docs/quickstart');
  await page.getByRole('button', { name: 'Copy Read the quota' }).click();
  await expect(page.getByText('Copied', { exact: true }).last()).toBeAttached();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await page.getByRole('group', { name: 'Read the quota in curl' }).locator('pre').textContent());
  expect(copied).toMatch(/^curl --fail-with-body "http/);
});

test('signed in, the samples name the start of one’s newest key and nothing more of it', async ({
  organization,
  page,
}) => {
  const key = await organization.createKey('quota:read');
  await signIn(page, organization.person('OWNER'));
  await page.goto('/docs/quickstart');
  const variables = page.getByRole('group', { name: 'the variables' });
  const shown = /TENANTRY_KEY=(ty_live_\w+)…/.exec((await variables.textContent()) ?? '')?.[1] ?? '';
  expect(shown.length).toBeGreaterThan('ty_live_'.length);
  expect(key.startsWith(shown)).toBe(true);
  expect(await page.content()).not.toContain(key);
});

test('the contents lead to each section, and pages follow one another', async ({ page }) => {
  await page.goto('/docs/runs');
  await page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name: 'Staying alive' }).click();
  await expect(page.getByRole('heading', { name: 'Staying alive' })).toBeInViewport();
  await page.getByRole('navigation', { name: 'Pages before and after' }).getByRole('link', { name: /^Next/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Data quality');
});

test('printed, only the page itself is there', async ({ page }) => {
  await page.goto('/docs/runs');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Start a run once in curl' })).toBeVisible();
  for (const chrome of ['Documentation', 'On this page', 'Pages before and after'])
    for (const part of await page.getByRole('navigation', { name: chrome, includeHidden: true }).all())
      await expect(part).toBeHidden();
  await expect(page.getByRole('link', { name: 'Open portal', includeHidden: true })).toBeHidden();
});

test('without scripts: search is a form, and each sample has its language', async ({ browser }) => {
  const context = await browser.newContext({ baseURL: demo().portal, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/docs');
  await page.getByRole('combobox', { name: 'Search the documentation' }).fill('quota exceeded');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/docs\/search\?q=quota\+exceeded$/);
  await page.getByRole('link', { name: 'quota_exceeded' }).first().click();
  await expect(page).toHaveURL(/\/docs\/errors#quota_exceeded$/);
  await page.goto('/docs/quickstart');
  await page.getByRole('radio', { name: 'TypeScript' }).first().check();
  await expect(page.getByRole('group', { name: 'Read the quota in TypeScript' })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Read the quota in curl' })).toBeHidden();
  await context.close();
});
