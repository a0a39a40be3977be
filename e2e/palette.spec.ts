/** The palette and the list of shortcuts, by keyboard alone: what they find, for whom, and the same search without scripts. */
import { expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { axeFindings } from '@/e2e/look';
import { openOrganization, test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

const palette = (page: Page) => page.getByRole('dialog', { name: 'Search' });
const options = (page: Page) => palette(page).getByRole('option');

/** Presses Ctrl K until the page listens. */
async function openPalette(page: Page): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('Control+k');
    await expect(palette(page)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(page.getByRole('combobox', { name: 'Search' })).toBeFocused();
}

async function startRun(key: string, pipeline: string): Promise<string> {
  const answer = await fetch(`${demo().portal}/v1/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ pipeline_id: pipeline, trigger_type: 'api', trigger_by: 'story' }),
  });
  return ((await answer.json()) as { pipeline_logging_id: string }).pipeline_logging_id;
}

test('a key is found and opened without a mouse; Esc gives the focus back; what was opened comes first the next time', async ({
  organization,
  page,
}) => {
  await organization.createKey('runs:write');
  await signIn(page, organization.person('ADMIN'), '/usage');
  await openPalette(page);
  await expect(options(page).filter({ hasText: 'Create API key' })).toHaveCount(1);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page), colorScheme).toEqual([]);
  }
  await page.keyboard.type('worker');
  const keys = palette(page).getByRole('group', { name: 'API keys' }).getByRole('option');
  await expect(keys).toContainText('worker');
  await expect(keys).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/keys\/[\w-]+$/);
  await expect(palette(page)).toHaveCount(0);
  await openPalette(page);
  await expect(palette(page).getByRole('group', { name: 'Recent' }).getByRole('option')).toContainText('worker');
  await page.keyboard.press('Escape');
  await expect(palette(page)).toHaveCount(0);
});

test('a run’s id that is pasted opens its page, and another organization’s finds nothing', async ({
  organization,
  page,
}) => {
  const own = await startRun(await organization.createKey('runs:write'), 'load_costs');
  const other = await openOrganization();
  const foreign = await startRun(await other.createKey('runs:write'), 'secret_pipeline');
  await signIn(page, organization.person('VIEWER'), '/');
  await openPalette(page);
  await page.keyboard.insertText(foreign);
  await expect(palette(page).getByText('Nothing found.')).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('combobox', { name: 'Search' }).fill('');
  await page.keyboard.insertText(own);
  await expect(options(page)).toHaveCount(1);
  await expect(options(page)).toContainText('load_costs');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(url => url.pathname === `/runs/${own}`);
});

test('a viewer is offered nothing to create, and no page of admins; a whole key does not leave the browser', async ({
  organization,
  page,
}) => {
  const key = await organization.createKey('runs:write');
  await signIn(page, organization.person('VIEWER'), '/');
  await openPalette(page);
  await expect(palette(page).getByRole('group', { name: 'Pages' })).toBeVisible();
  await expect(palette(page).getByRole('group', { name: 'Create' })).toHaveCount(0);
  await expect(options(page).filter({ hasText: 'Audit log' })).toHaveCount(0);
  const asked = page.waitForRequest(/\/api\/search/);
  await page.keyboard.insertText(key);
  expect((await asked).url()).not.toContain(key.slice(12));
  await expect(options(page)).toContainText('worker');
});

test('while the server does not answer pages are found all the same', async ({ organization, page }) => {
  await signIn(page, organization.person('ADMIN'), '/');
  await page.route('**/api/search**', route => route.abort());
  await openPalette(page);
  await page.keyboard.type('bill');
  await expect(options(page).first()).toContainText('Billing');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/billing$/);
});

test('who looks for SQL or a query finds the desk', async ({ organization, page }) => {
  await signIn(page, organization.person('COLLABORATOR'), '/');
  for (const word of ['SQL', 'query']) {
    await openPalette(page);
    await page.keyboard.type(word);
    await expect(options(page).first()).toContainText('Query desk');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/desk$/);
    await page.goto('/');
  }
});

test('? lists the shortcuts, not while somebody types; the account menu does too', async ({ organization, page }) => {
  await signIn(page, organization.person('ADMIN'), '/keys');
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(async () => {
    await page.keyboard.press('?');
    await expect(list).toBeVisible({ timeout: 1_000 });
  }).toPass();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
  await page.getByRole('searchbox', { name: 'Search' }).focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('?');
  await expect(list).toHaveCount(0);
  await page.getByRole('button', { name: /account of/ }).click();
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await expect(list).toBeVisible();
});

test('without scripts the button leads to a page that finds the same', async ({ browser, organization }) => {
  await organization.createKey('runs:write');
  const context = await browser.newContext({ baseURL: demo().portal, javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, organization.person('VIEWER'), '/');
  await page.getByRole('link', { name: /^Search/ }).click();
  await page.getByRole('searchbox', { name: 'Search' }).fill('worker');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(/\/search\?q=worker$/);
  await page.getByRole('link', { name: 'worker' }).click();
  await expect(page).toHaveURL(/\/keys\/[\w-]+$/);
  await context.close();
});
