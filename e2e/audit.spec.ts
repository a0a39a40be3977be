/** The audit log in the browser: what was done and refused, its filters, its CSV, who may read it, without JavaScript. */
import { expect, type Page } from '@playwright/test';
import pg from 'pg';
import { demo, personWithRole } from '@/e2e/demo';
import { runJobAsStaff } from '@/e2e/jobs';
import { lookAt } from '@/e2e/look';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

/** Of the seed, whose history is read and not changed. */
const owner = () => personWithRole('OWNER');
const rows = (page: Page) => page.getByRole('table', { name: 'Audit log' }).getByRole('row');

/** Reloads until the log's copy in BigQuery has the entry. */
async function waitForEntry(page: Page, text: string | RegExp, timeoutMs = 20_000): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(rows(page).filter({ hasText: text }).first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: timeoutMs });
}

/** Creates a key in the browser and answers its text. */
async function createKey(page: Page, name: string): Promise<string> {
  await page.goto('/keys/new');
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('button', { name: 'Create key' }).click();
  const key = await page.getByLabel('API key', { exact: true }).inputValue();
  await page.getByLabel('I stored this key in a safe place').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page).toHaveURL(url => url.pathname === '/keys');
  return key;
}

test('what an owner did is a sentence that opens to what changed, without the secret', async ({
  organization,
  page,
}) => {
  const name = `audited-${Date.now().toString(36)}`;
  await signIn(page, organization.person('OWNER'), '/keys');
  const key = await createKey(page, name);
  await page.getByRole('navigation').getByRole('link', { name: 'Audit log' }).first().click();
  await expect(page.getByText(/Entries are shown for 400 days; older ones are kept, but not shown\./)).toBeVisible();
  await waitForEntry(page, name);
  const entry = rows(page).filter({ hasText: name }).first();
  await expect(entry).toContainText(`created API key ${name}`);
  await entry.locator('summary').click();
  await expect(entry.getByRole('table', { name: 'What changed' })).toContainText(name);
  await expect(entry.getByText('Request id')).toBeVisible();
  expect(await page.content()).not.toContain(key.slice(12, 40));
  await lookAt(page, 'audit-open');
  await entry.getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
});

test('filters live in the address, come off one by one, and the CSV is of the same filter', async ({ page }) => {
  await signIn(page, owner(), '/audit');
  await page.getByLabel('Action').selectOption('api_key.create');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/action=api_key\.create/);
  await page.reload();
  await expect(page.getByLabel('Action')).toHaveValue('api_key.create');
  const shown = await rows(page).count();
  expect(shown).toBeGreaterThan(1);
  for (const sentence of await rows(page).locator('summary').allTextContents()) {
    expect(sentence).toMatch(/^created API key/);
  }
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^audit-log-\d{4}-\d{2}-\d{2}\.csv$/);
  const stream = await file.createReadStream();
  let text = '';
  for await (const part of stream) text += String(part);
  const lines = text.trimEnd().split('\r\n');
  expect(lines[0]).toContain('occurred_at,actor_type');
  expect(lines.slice(1).every(line => line.includes(',api_key.create,ok,'))).toBe(true);
  expect(lines.length - 1).toBeGreaterThanOrEqual(Math.min(shown - 1, 50));
  await page.goto('/audit?from=2001-01-01&to=2001-01-31');
  await expect(page.getByText('No entry in this period.')).toBeVisible();
  await lookAt(page, 'audit-empty');
  await page.getByRole('main').getByRole('link', { name: 'Clear all' }).first().click();
  await expect(page).toHaveURL(url => url.pathname === '/audit' && url.search === '');
});

test('an address that is not understood says so and shows all', async ({ page }) => {
  await signIn(page, owner(), '/audit');
  for (const query of ['action=no.such', 'from=yesterday', 'actor=nobody']) {
    await page.goto(`/audit?${query}`);
    await expect(page.getByText('A filter in the address is not known. These are all entries.')).toBeVisible();
    expect(await rows(page).count()).toBeGreaterThan(1);
  }
  await page.goto('/audit?after=nonsense');
  expect(await rows(page).count()).toBeGreaterThan(1);
});

/** Refusals are counted by the minute and written once it is over: the counts so far are as if ten minutes old. */
async function letMinutePass(customerId: string): Promise<void> {
  const client = new pg.Client({ connectionString: demo().databaseUrl });
  await client.connect();
  await client
    .query("UPDATE audit_denials SET minute = minute - interval '10 minutes' WHERE customer_id = $1", [customerId])
    .finally(() => client.end());
}

/** The request id that an error page shows. */
const shownRequestId = (page: Page) =>
  page
    .getByText(/^Request id/)
    .locator('code')
    .textContent();

test('a viewer neither finds the log nor reads it; pages and calls that were refused are listed', async ({
  organization,
  page,
  browser,
}) => {
  await signIn(page, organization.person('VIEWER'), '/');
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Audit log' })).toHaveCount(0);
  await page.goto('/audit');
  await expect(page.getByText(/^Only admins can read the audit log\. Admins: /)).toBeVisible();
  await expect(rows(page)).toHaveCount(0);
  const refusedPage = await shownRequestId(page);
  await page.goto('/keys/new');
  await expect(page.getByText(/^Only admins can create API keys\. Admins: /)).toBeVisible();
  for (const format of ['json', 'csv']) {
    expect((await page.request.get(`/api/audit?format=${format}`)).status()).toBe(403);
  }
  await letMinutePass(organization.customerId);
  await runJobAsStaff(browser, 'audit.settle_denials');
  const context = await browser.newContext({ baseURL: demo().portal });
  try {
    const other = await context.newPage();
    await signIn(other, organization.person('OWNER'), '/audit');
    await other.goto('/audit?action=denied');
    await waitForEntry(other, 'tried to open the page “Create API key”');
    // The page's own entry, and not that of the calls: it holds the id that the page showed.
    const entry = rows(other).filter({ hasText: refusedPage ?? 'the page shows no id' });
    await expect(entry).toContainText('tried to read the audit log');
    await expect(entry).toContainText('Refused');
    await lookAt(other, 'audit-refused');
  } finally {
    await context.close();
  }
});

test('without JavaScript filters, details and the CSV work', async ({ browser }) => {
  const context = await browser.newContext({ baseURL: demo().portal, javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await signIn(page, owner(), '/audit');
    await page.getByLabel('Target').selectOption('api_key');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page).toHaveURL(/target=api_key/);
    await expect(page.getByText('Target: API key')).toBeVisible();
    const first = rows(page).nth(1);
    await first.locator('summary').click();
    await expect(first.getByText('Request id').or(first.getByText('Target id')).first()).toBeVisible();
    const href = await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href');
    expect(await (await page.request.get(href ?? '')).text()).toContain('occurred_at');
  } finally {
    await context.close();
  }
});
