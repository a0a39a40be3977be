/** Runs: a failed one is found in two clicks from the Overview and in one from its mail, understood, compared and run again. */
import { expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { firstLoadBytes, lookTwice, policyViolations } from '@/e2e/look';
import { test } from '@/e2e/organization';
import { linkInMail } from '@/e2e/run-mail';
import { signIn } from '@/e2e/sign-in';

test.use({ plan: 'PROFESSIONAL' });

const uuid = () => crypto.randomUUID();
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

type Worker = (path: string, body: object) => Promise<{ status: number; json: Record<string, unknown> }>;

/** Calls the data plane as a worker with this key. */
const workerOf =
  (key: string): Worker =>
  async (path, body) => {
    const response = await fetch(`${demo().dataPlane}/v1/runs${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    expect(response.status, text).toBeLessThan(300);
    return { status: response.status, json: text ? JSON.parse(text) : {} };
  };

const step = (index: number, name: string, change: object) => ({
  step_logging_id: uuid(),
  step_name: name,
  step_type: 'bigquery_to_bigquery',
  step_index: index,
  status: 'COMPLETED',
  start_time: minutesAgo(4 - index),
  end_time: minutesAgo(3 - index),
  rows_processed: 1_000,
  ...change,
});

const check = (config: string, change: object) => ({
  dq_result_id: uuid(),
  target_table: 'acme.costs.daily',
  dq_config_id: config,
  executed_at: minutesAgo(0),
  expectations_passed: 12,
  expectations_failed: 0,
  overall_status: 'PASS',
  ...change,
});

/** A run of three steps and two checks; a failing one breaks in its load. */
async function report(worker: Worker, pipeline: string, fails: boolean): Promise<string> {
  const { json } = await worker('', {
    pipeline_id: pipeline,
    trigger_type: 'api',
    trigger_by: 'e2e',
    config_version: fails ? 'v2' : 'v1',
    parameters: { region: fails ? 'EU' : 'US' },
    worker_instance: 'worker-7',
  });
  const id = String(json.pipeline_logging_id);
  const message = 'Access denied on dataset acme_prod, password=hunter2: the credential lacks bigquery.dataEditor.';
  await worker(`/${id}/steps`, {
    steps: [
      step(0, 'extract', {}),
      step(1, 'load_costs', fails ? { status: 'FAILED', error_message: message, rows_processed: undefined } : {}),
      step(2, 'publish', fails ? { status: 'SKIPPED', end_time: undefined, rows_processed: undefined } : {}),
    ],
  });
  const failed = {
    expectations_failed: 1,
    overall_status: 'FAIL',
    failed_expectations: [{ expectation: 'not_null', column: 'cost_usd', failed_rows: 37, rows: 182_004 }],
  };
  await worker(`/${id}/dq-results`, { dq_results: [check('unique_ids', {}), check('no_nulls', fails ? failed : {})] });
  await worker(`/${id}/complete`, fails ? { status: 'FAILED', error_message: message } : { status: 'COMPLETED' });
  return id;
}

async function readReason(page: Page): Promise<void> {
  const failed = page.getByRole('region', { name: 'What failed' });
  await expect(failed).toContainText('Step 2 “load_costs” failed: the provider did not allow it.');
  await failed.getByText('Full error, as the worker wrote it').click();
  await expect(failed).toContainText('password=[secret]');
  await expect(page.getByRole('main')).not.toContainText('hunter2');
}

/** Makes the tab hidden to its page, or shown again, as another tab in front of it does. */
const setHidden = (page: Page, hidden: boolean) =>
  page.evaluate(value => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

/** A page that goes on asks every 5 s; in a hidden tab it asks nothing, and at once when it is shown again. */
async function expectPauseWhileHidden(page: Page): Promise<void> {
  let asked = 0;
  page.on('request', request => {
    if (request.url().includes('_rsc=')) asked++;
  });
  await setHidden(page, true);
  await page.waitForTimeout(6_000);
  expect(asked).toBe(0);
  await setHidden(page, false);
  await expect.poll(() => asked, { timeout: 2_000 }).toBeGreaterThan(0);
}

test('a failed run is found, understood, compared, run again, claimed and succeeds', async ({ organization, page }) => {
  test.setTimeout(180_000);
  const worker = workerOf(await organization.createKey('runs:write', 'runs:read'));
  const violations = policyViolations(page);
  const pipeline = `e2e_${Date.now().toString(36)}`;
  await report(worker, pipeline, false);
  const failedId = await report(worker, pipeline, true);
  const owner = organization.person('OWNER');
  await signIn(page, owner);

  // Two clicks from the Overview: the number, then the run.
  await expect(async () => {
    await page.goto('/');
    await page.getByRole('link', { name: /failed runs/ }).click({ timeout: 2_000 });
    await page.getByRole('link', { name: pipeline }).first().click({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await expect(page).toHaveURL(new RegExp(`/runs/${failedId}`));
  await readReason(page);
  expect(await firstLoadBytes(page, `/runs/${failedId}`)).toBeLessThanOrEqual(150_000);
  const row = page.getByRole('list', { name: 'Steps' }).getByRole('listitem').first();
  await expect(row).toContainText('load_costs, failed, started');
  await expect(page.getByRole('region', { name: 'Data quality' })).toContainText(
    'not_null on cost_usd: 37 of 182,004 rows (0.02 %)',
  );
  await lookTwice(page, 'run-failed');

  // One from the mail.
  await page.goto(await linkInMail(pipeline, owner));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(pipeline);

  await page.getByRole('link', { name: 'Compare with the last good run' }).click();
  const changes = page.getByRole('region', { name: 'What changed?' });
  await expect(changes.getByRole('row', { name: /Step “load_costs”/ }).first()).toContainText('failed');
  await expect(changes.getByRole('row', { name: /Parameter region/ })).toContainText('"EU"');
  await lookTwice(page, 'run-compared');

  await page.getByRole('link', { name: 'Run again…' }).click();
  await expect(page.getByRole('main')).toContainText(/Needs 1 run, \d+ left today\./);
  await page.getByRole('button', { name: 'Run again' }).click();
  await expect(page.getByRole('main')).toContainText('1 run queued. A worker that claims runs starts it.');
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('Queued');
  await lookTwice(page, 'run-queued');

  const claimed = await worker('/claim', { worker_instance: 'worker-8', wait_seconds: 5 });
  const newId = String(claimed.json.pipeline_logging_id);
  expect(page.url()).toContain(newId);
  // The open page follows by itself.
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('Running', { timeout: 15_000 });
  await expectPauseWhileHidden(page);
  await worker(`/${newId}/complete`, { status: 'COMPLETED' });
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('Succeeded', { timeout: 15_000 });
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0);
  expect(violations).toEqual([]);
});

test('several runs are chosen and run again without JavaScript; a viewer is not offered it', async ({
  organization,
  browser,
  page,
}) => {
  test.setTimeout(120_000);
  const worker = workerOf(await organization.createKey('runs:write'));
  for (let index = 0; index < 2; index++) await report(worker, 'bulk', true);
  await signIn(page, organization.person('OWNER'), '/runs?pipeline=bulk&status=FAILED');
  const context = await browser.newContext({ baseURL: demo().portal, javaScriptEnabled: false });
  await context.addCookies(await page.context().cookies());
  const plain = await context.newPage();
  await expect(async () => {
    await plain.goto('/runs?pipeline=bulk&status=FAILED');
    await expect(plain.getByRole('checkbox')).toHaveCount(2);
  }).toPass({ timeout: 45_000 });
  for (const box of await plain.getByRole('checkbox').all()) await box.check();
  await plain.getByRole('button', { name: 'Run again…' }).click();
  await expect(plain.getByRole('main')).toContainText(/Needs 2 runs, \d+ left today\./);
  await plain.getByRole('button', { name: 'Run again' }).click();
  await expect(plain.getByRole('main')).toContainText('2 runs queued. A worker that claims runs starts them.');
  await plain.goto('/runs?pipeline=bulk&status=PENDING');
  await expect(plain.getByRole('checkbox')).toHaveCount(2);
  await plain.getByRole('checkbox').first().check();
  await plain.getByRole('button', { name: 'Cancel…' }).click();
  await plain.getByRole('button', { name: 'Cancel run' }).click();
  await expect(plain.getByRole('main')).toContainText('1 run cancelled or about to be');
  await context.close();

  await signIn(page, organization.person('VIEWER'), '/runs?pipeline=bulk');
  await expect(page.getByRole('link', { name: 'bulk' }).first()).toBeVisible();
  await expect(page.getByRole('checkbox')).toHaveCount(0);
  await page.getByRole('link', { name: 'bulk' }).last().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('bulk');
  await expect(page.getByRole('link', { name: /Run again|Cancel/ })).toHaveCount(0);
  await page.goto('/runs/again');
  await expect(page.getByRole('main')).toContainText('Only owners, admins and collaborators can run pipelines again.');
  await expect(page.getByRole('button', { name: 'Run again' })).toHaveCount(0);
});

test('filters stand in the address, as chips that come off one by one, and survive going back', async ({
  organization,
  page,
}) => {
  await signIn(page, organization.person('OWNER'), '/runs');
  await expect(page.getByRole('main')).toContainText('No runs yet.');
  const worker = workerOf(await organization.createKey('runs:write'));
  await report(worker, 'filtered', true);
  await page.goto('/runs?status=COMPLETED&pipeline=filtered&limit=25&after=x');
  await expect(page.getByRole('main')).toContainText('No run matches these filters.');
  // All eight filters and their button stand in one row.
  const fields = page.getByRole('main').getByRole('search').locator('form > :not([type=hidden])');
  const bottoms = await fields.evaluateAll(all => all.map(field => Math.round(field.getBoundingClientRect().bottom)));
  expect(bottoms).toEqual(Array(9).fill(bottoms[0]));
  await page.getByRole('link', { name: 'Remove filter Status: Succeeded' }).click();
  await expect(page).toHaveURL(/\/runs\?pipeline=filtered&limit=25$/);
  await expect(page.getByRole('link', { name: 'filtered', exact: true })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('main')).toContainText('No run matches these filters.');
  for (const id of [uuid(), 'x']) expect((await page.goto(`/runs/${id}`))?.status()).toBe(404);
});
