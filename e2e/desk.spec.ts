/** The query desk: price before rows, history, saved queries, refusals with their place, caps, and who has no desk. */
import { expect, type Locator, type Page } from '@playwright/test';
import { demo, personWithRole } from '@/e2e/demo';
import { firstLoadBytes, lookEverywhere, policyViolations } from '@/e2e/look';
import { type Organization, test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

const main = (page: Page): Locator => page.getByRole('main');
const editor = (page: Page): Locator => page.getByRole('textbox', { name: 'Query' });
const press = (page: Page, name: 'Check' | 'Run') => page.getByRole('button', { name, exact: true }).click();

/** A run of each name, completed, as a worker reports them. */
async function reportRuns(organization: Organization, names: readonly string[]): Promise<void> {
  const key = await organization.createKey('runs:write');
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const send = async (path: string, body: object): Promise<Response> =>
    fetch(`${demo().dataPlane}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  for (const pipeline_id of names) {
    const started = await send('/v1/runs', { pipeline_id, trigger_type: 'api', trigger_by: 'e2e' });
    const { pipeline_logging_id: id } = (await started.json()) as { pipeline_logging_id: string };
    expect((await send(`/v1/runs/${id}/complete`, { status: 'COMPLETED' })).ok).toBe(true);
  }
}

/** Types a text once the page's scripts run: until then they would put back what the editor began with. */
async function write(page: Page, sql: string): Promise<void> {
  await expect(page.locator('input[name="opened"]')).not.toHaveValue('');
  await editor(page).fill(sql);
}

/** Runs the text until its rows hold the word: runs reach BigQuery every few seconds. */
async function runUntil(page: Page, sql: string, word: string): Promise<void> {
  await expect(async () => {
    await page.goto('/desk');
    await write(page, sql);
    await press(page, 'Run');
    await expect(page).toHaveURL(/\/desk\/queries\//);
    await expect(main(page)).toContainText(word, { timeout: 1_000 });
  }).toPass({ timeout: 90_000 });
}

const byPipeline =
  'SELECT pipeline_id, COUNT(*) AS runs\nFROM pipeline_runs\nGROUP BY pipeline_id\nORDER BY pipeline_id';

test('a collaborator sees the price, then the rows; the CSV holds them, the history has the bytes, a saved query opens again', async ({
  organization,
  page,
}) => {
  test.setTimeout(300_000);
  const violations = policyViolations(page);
  await reportRuns(organization, ['desk_costs', 'desk_orders', 'desk_orders']);
  await signIn(page, organization.person('COLLABORATOR'), '/desk');
  await lookEverywhere(page, 'desk-new');

  await write(page, byPipeline);
  await press(page, 'Check');
  await expect(page.getByText('It can run')).toBeVisible();
  for (const fact of ['10.0 MiB', 'Price', '1 GiB', 'of 100 GiB']) await expect(main(page)).toContainText(fact);
  await expect(main(page)).toContainText('Reads pipeline_runs. Gives pipeline_id STRING, runs INT64.');
  await expect(editor(page)).toHaveValue(byPipeline);
  await lookEverywhere(page, 'desk-checked');
  await editor(page).pressSequentially(' ');
  await expect(page.getByText('Of the text before it was changed')).toBeVisible();

  await runUntil(page, byPipeline, 'desk_orders');
  await expect(main(page)).toContainText('10.0 MiB');
  await expect(page.getByRole('row', { name: /desk_orders/ })).toContainText('2');
  await expect(page.getByRole('columnheader', { name: /runs/ })).toContainText('INT64');
  await expect(main(page)).toContainText('1–2 of 2');
  await expect(main(page).getByRole('region', { name: 'How it stands' })).toContainText('in the portal, estimated at');
  await lookEverywhere(page, 'desk-rows');
  const href = await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href');
  const csv = await (await page.request.get(href ?? '')).text();
  expect(csv).toMatch(/^pipeline_id,runs\r?\ndesk_costs,1\r?\ndesk_orders,2/);

  await page.getByText('Save…').click();
  await page.getByLabel('Name').fill('Runs by pipeline');
  await page.getByRole('button', { name: 'Save query' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The query is saved.' })).toBeVisible();
  await lookEverywhere(page, 'desk-saved');
  await page.getByRole('link', { name: 'Runs by pipeline', exact: true }).click();
  await expect(editor(page)).toHaveValue(byPipeline);

  await page.goto('/desk/history');
  const row = page.getByRole('row', { name: /SELECT pipeline_id, COUNT/ }).first();
  for (const cell of ['Succeeded', 'pipeline_runs', '10.0 MiB', 'Portal']) await expect(row).toContainText(cell);
  await lookEverywhere(page, 'desk-history');
  await row.getByRole('link').click();
  await page.getByRole('link', { name: 'Edit' }).click();
  await expect(editor(page)).toHaveValue(byPipeline);

  await page.goto('/desk/saved');
  await page.getByRole('link', { name: 'Change… the saved query Runs by pipeline' }).click();
  await page.getByLabel('Name').fill('Runs of all pipelines');
  await lookEverywhere(page, 'desk-saved-one');
  await page.getByRole('button', { name: 'Save query' }).click();
  await page.getByRole('link', { name: 'Change… the saved query Runs of all pipelines' }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete query' }).click();
  await expect(main(page)).toContainText('No saved queries yet.');
  expect(violations).toEqual([]);
});

test('tables are listed with their columns, a look has a LIMIT, and each look and example can run', async ({
  organization,
  page,
}) => {
  test.setTimeout(120_000);
  await signIn(page, organization.person('COLLABORATOR'), '/desk');
  const tables = page.getByRole('complementary', { name: 'Tables and saved queries' });
  await tables.getByText('dq_results', { exact: true }).click();
  await expect(tables).toContainText('overall_status');
  await page.getByRole('link', { name: 'Look at dq_results' }).click();
  await expect(editor(page)).toHaveValue(
    /^SELECT \*\nFROM dq_results\nWHERE `ingestion_date` >= '\d{4}-\d\d-\d\d'\nLIMIT 100$/,
  );
  await press(page, 'Check');
  await expect(page.getByText('It can run')).toBeVisible();
  for (const example of await main(page).locator('a[href*="example="]').all()) {
    const before = await editor(page).inputValue();
    await example.click();
    await expect(editor(page)).not.toHaveValue(before);
    await editor(page).press('Control+Enter');
    await expect(page).toHaveURL(/\/desk\/queries\//);
    await page.goBack();
  }
});

test('the columns of an event table open beside a text that was typed, and the text stays', async ({ page }) => {
  await signIn(page, personWithRole('COLLABORATOR'), '/desk');
  await write(page, 'SELECT 1 AS typed');
  const tables = page.getByRole('complementary', { name: 'Tables and saved queries' });
  const link = tables.locator('a[href*="open=events_"]').first();
  const name = (await link.textContent()) ?? '';
  await link.click();
  await expect(page).toHaveURL(/[?&]open=events_/);
  await expect(tables.locator('details[open]')).toContainText(name);
  await expect(tables.locator('details[open] dt').first()).toBeVisible();
  await expect(editor(page)).toHaveValue('SELECT 1 AS typed');
  await lookEverywhere(page, 'desk-open-table');
});

test('what was typed is there again after another page, and nobody who signs in after finds it', async ({
  organization,
  page,
}) => {
  await signIn(page, organization.person('COLLABORATOR'), '/desk');
  const given = await editor(page).inputValue();
  // The scripts are there.
  await expect(page.locator('input[name="opened"]')).not.toHaveValue('');
  await write(page, 'SELECT 1 AS typed');
  await page.getByRole('link', { name: 'History', exact: true }).first().click();
  await expect(page).toHaveURL(/\/desk\/history$/);
  await page.goBack();
  await expect(editor(page)).toHaveValue('SELECT 1 AS typed');
  await page.reload();
  await expect(editor(page)).toHaveValue('SELECT 1 AS typed');
  await main(page).locator('a[href*="example="]').first().click();
  await expect(editor(page)).not.toHaveValue('SELECT 1 AS typed');
  await page.goto('/desk');
  await expect(editor(page)).toHaveValue('SELECT 1 AS typed');
  await signIn(page, organization.person('ADMIN'), '/desk');
  await expect(page.locator('input[name="opened"]')).not.toHaveValue('');
  await expect(editor(page)).toHaveValue(given);
  await write(page, 'SELECT 2 AS typed');
  await page.getByRole('button', { name: /account of/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/signin/);
  const kept = () => page.evaluate(() => Object.keys(sessionStorage).filter(key => key.startsWith('tenantry.query')));
  await expect.poll(kept).toEqual([]);
});

test('a text about other data is refused with its place, keeps its words, and bills nothing', async ({
  organization,
  page,
}) => {
  test.setTimeout(120_000);
  await signIn(page, organization.person('COLLABORATOR'), '/desk');
  const other = demo().customers[0]?.tenant_dataset_id;
  for (const sql of [
    'SELECT *\nFROM customers.customer_profiles',
    `SELECT *\nFROM ${other}.pipeline_runs`,
    'SELECT *\nFROM pipeline_run',
  ]) {
    await write(page, sql);
    await press(page, 'Run');
    const refusal = main(page).getByRole('alert');
    await expect(refusal).toContainText(/Not run: line 2, column \d+/);
    await expect(refusal).toContainText('Nothing was sent to BigQuery; 0 bytes were billed.');
    await expect(editor(page)).toHaveValue(sql);
  }
  await lookEverywhere(page, 'desk-refused');
  await page.goto('/desk/history');
  await expect(main(page)).toContainText('No queries yet.');
});

test('an admin sets the cap to 10 MB, and a query of two tables is refused before anything is billed', async ({
  organization,
  page,
}) => {
  test.setTimeout(180_000);
  await organization.createKey('desk:query');
  await signIn(page, organization.person('ADMIN'), '/desk/settings');
  await page.getByLabel('A query').fill('1 MB');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(main(page)).toContainText('The least is 10 MiB');
  await page.getByLabel('A query').fill('10 MB');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await expect(page.getByLabel('A query')).toHaveValue('10 MiB');
  await page.getByLabel('Cap of worker').fill('20 MiB');
  await page.getByRole('button', { name: 'Save the cap of worker' }).click();
  await expect(main(page)).toContainText('The most is 10 MiB');
  await lookEverywhere(page, 'desk-limits');

  await signIn(page, organization.person('COLLABORATOR'), '/desk');
  // BigQuery itself asks for a filter of this table's days.
  const sql =
    "SELECT r.pipeline_id\nFROM pipeline_runs AS r\nJOIN step_logs AS s ON s.pipeline_logging_id = r.pipeline_logging_id\nWHERE s.start_time >= '2026-01-01'";
  await write(page, sql);
  await press(page, 'Check');
  await expect(page.getByText('Over the cap of a query')).toBeVisible();
  await lookEverywhere(page, 'desk-over-cap');
  await press(page, 'Run');
  await expect(main(page).getByRole('alert')).toContainText('Nothing was billed.');
  await page.goto('/desk/settings');
  await expect(main(page)).toContainText('0 B of 100 GiB');
  await expect(page.getByRole('button', { name: 'Save limits' })).toHaveCount(0);
});

test('a viewer has no desk, and a colleague’s query is not there', async ({ organization, page }) => {
  await signIn(page, organization.person('COLLABORATOR'), '/desk');
  await write(page, 'SELECT COUNT(*) AS runs FROM pipeline_runs');
  await editor(page).press('Control+Enter');
  await expect(page).toHaveURL(/\/desk\/queries\//);
  const { pathname } = new URL(page.url());
  await signIn(page, organization.person('ADMIN'), '/');
  expect((await page.goto(pathname))?.status()).toBe(404);
  await signIn(page, organization.person('VIEWER'), '/');
  await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Query desk' })).toHaveCount(0);
  for (const path of ['/desk', '/desk/history', '/desk/saved', '/desk/settings', pathname]) {
    await page.goto(path);
    await expect(main(page), path).toContainText(
      'Owners, admins and collaborators ask the organization’s data by SQL.',
    );
  }
});

test('without JavaScript a query is checked and run', async ({ browser, organization }) => {
  const context = await browser.newContext({ baseURL: demo().portal, javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await signIn(page, organization.person('COLLABORATOR'), '/desk');
    await expect(editor(page)).toHaveValue(/^SELECT status, COUNT/);
    await editor(page).fill('SELECT COUNT(*) AS runs\nFROM nothing');
    await press(page, 'Check');
    await expect(main(page)).toContainText(/Not run: line 2, column \d+/);
    await expect(editor(page)).toHaveValue('SELECT COUNT(*) AS runs\nFROM nothing');
    await editor(page).fill('SELECT COUNT(*) AS runs\nFROM pipeline_runs');
    await page.getByLabel('Rows').selectOption('100');
    await press(page, 'Check');
    await expect(page.getByText('It can run')).toBeVisible();
    await expect(page.getByLabel('Rows')).toHaveValue('100');
    await press(page, 'Run');
    await expect(page).toHaveURL(/\/desk\/queries\//);
    await expect(page.getByRole('columnheader', { name: /runs/ })).toBeVisible();
  } finally {
    await context.close();
  }
});

test('the editor’s colours are not loaded before it is used', async ({ organization, page }) => {
  await signIn(page, organization.person('COLLABORATOR'), '/desk');
  expect(await firstLoadBytes(page, '/desk')).toBeLessThanOrEqual(150_000);
  await write(page, 'SELECT 1 AS one -- a word');
  await expect(page.locator('.editor-colours .cc')).toHaveText('-- a word');
});
