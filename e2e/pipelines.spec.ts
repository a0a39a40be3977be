import { type APIRequestContext, expect, type Page } from '@playwright/test';
import { checkReport } from '@/dev/testing/quota';
import { demo } from '@/e2e/demo';
import { lookTwice } from '@/e2e/look';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

test.use({ plan: 'PROFESSIONAL' });

type Report = { pipeline: string; status?: 'COMPLETED' | 'FAILED'; error?: string; checks?: object[] };

/** Starts a run as a worker does, reports its checks and, with a status, ends it; answers its id. */
async function work(request: APIRequestContext, key: string, report: Report): Promise<string> {
  const post = async (path: string, data: object) => {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await request.post(`${demo().dataPlane}/v1/runs${path}`, { headers, data });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return answer;
  };
  const started = await post('', { pipeline_id: report.pipeline, trigger_type: 'api', trigger_by: 'e2e' });
  const { pipeline_logging_id: id } = (await started.json()) as { pipeline_logging_id: string };
  if (report.checks) await post(`/${id}/dq-results`, { dq_results: report.checks });
  if (report.status) await post(`/${id}/complete`, { status: report.status, error_message: report.error });
  return id;
}

const nulls = { expectation: 'not_null', column: 'cost_usd', failed_rows: 37, rows: 182_004 };
const good = () => checkReport({ target_table: 'e2e.costs' });
const bad = () =>
  checkReport({
    target_table: 'e2e.costs',
    overall_status: 'FAIL',
    expectations_passed: 11,
    expectations_failed: 1,
    failed_expectations: [nulls],
  });

/** Rows of the list that is open, which a click has led to. */
const rowsOf = (page: Page, table: string | RegExp) =>
  page.getByRole('table', { name: table }).locator('tbody').getByRole('row');

/** Opens the page until it shows what the mirror has brought; rows may be 30 s old on a page. */
async function openUntil(page: Page, path: string, shows: (page: Page) => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    await shows(page);
  }).toPass({ timeout: 60_000 });
}

test('what workers report is counted by pipeline, table and error, and each number leads to its list', async ({
  organization,
  page,
  request,
}) => {
  test.setTimeout(180_000);
  const key = await organization.createKey('runs:write', 'runs:read');
  for (let run = 0; run < 3; run++)
    await work(request, key, { pipeline: 'costs', status: 'COMPLETED', checks: [good()] });
  await work(request, key, { pipeline: 'usage', status: 'COMPLETED' });
  await work(request, key, { pipeline: 'costs', status: 'FAILED', error: 'Read timed out after 31 s' });
  const failed = await work(request, key, {
    pipeline: 'costs',
    status: 'FAILED',
    error: 'Read timed out after 900 s',
    checks: [bad()],
  });
  await work(request, key, { pipeline: 'usage' });
  await signIn(page, organization.person('OWNER'));

  await test.step('a pipeline that failed comes first, with its share and its last run', async () => {
    const costs = () => rowsOf(page, /^Pipelines/).first();
    await openUntil(page, '/pipelines', async () => expect(costs()).toContainText('3 of 5', { timeout: 500 }));
    await expect(costs()).toContainText('costs');
    await expect(rowsOf(page, /^Pipelines/).nth(1)).toContainText('Running');
    await expect(costs().getByRole('link', { name: /last run of costs/ })).toHaveAttribute('href', `/runs/${failed}`);
    await lookTwice(page, 'pipelines');
    await costs()
      .getByRole('link', { name: /failed runs of costs/ })
      .click();
    await expect(page).toHaveURL(/\/runs\?.*status=FAILED/);
    await expect(rowsOf(page, 'Runs')).toHaveCount(2);
  });

  await test.step('the list is searched and sorted by its address', async () => {
    await page.goto('/pipelines?q=USA');
    await expect(rowsOf(page, /^Pipelines/)).toHaveCount(1);
    await page.goto('/pipelines');
    await page.getByRole('link', { name: /^Pipeline ?, sort/ }).click();
    await expect(page).toHaveURL(/sort=name/);
    await expect(page.getByRole('columnheader', { name: /^Pipeline ?, sort/ })).toHaveAttribute(
      'aria-sort',
      'ascending',
    );
  });

  await test.step('a table that fails its checks comes first and leads to the run and to what failed', async () => {
    await openUntil(page, '/data-quality', async () =>
      expect(rowsOf(page, 'Checked tables').first()).toContainText('of 4 checks', { timeout: 500 }),
    );
    await expect(page.getByRole('link', { name: /last checks of e2e.costs/ })).toHaveAttribute(
      'href',
      `/runs/${failed}`,
    );
    await lookTwice(page, 'data-quality');
    await page.getByRole('link', { name: 'e2e.costs', exact: true }).first().click();
    await expect(page.getByRole('heading', { level: 1, name: 'e2e.costs' })).toBeVisible();
    await expect(rowsOf(page, /^Expectations that failed/)).toContainText('not_null on cost_usd');
    await expect(rowsOf(page, /^Expectations that failed/)).toContainText('37 of 182,004 rows (0.02\u00a0%)');
    await lookTwice(page, 'checked-table');
  });

  await test.step('the Overview’s numbers equal the lists they lead to, and what failed needs attention', async () => {
    await page.goto('/');
    await expect(page.getByRole('link', { name: /^Open table ?: Table “e2e.costs” failed 1 of 12/ })).toBeVisible();
    await expect(page.getByRole('link', { name: /^Open run ?: Pipeline “costs” failed 2 times/ })).toHaveAttribute(
      'href',
      `/runs/${failed}`,
    );
    await page.getByRole('link', { name: '1 failed checks, show them' }).click();
    await expect(rowsOf(page, 'Checks')).toHaveCount(1);
    await lookTwice(page, 'checks');
    await page.goto('/');
    await page.getByRole('link', { name: '4 checks', exact: true }).click();
    await expect(rowsOf(page, 'Checks')).toHaveCount(4);
    await page.goto('/');
    await page.getByRole('link', { name: '2 failed runs, show them' }).click();
    await expect(rowsOf(page, 'Runs')).toHaveCount(2);
  });

  await test.step('two messages of one kind are one error with two runs', async () => {
    await openUntil(page, '/pipelines/errors', async () =>
      expect(rowsOf(page, 'Kinds of errors')).toHaveCount(1, { timeout: 500 }),
    );
    await expect(rowsOf(page, 'Kinds of errors')).toContainText('Read timed out after <n> s');
    await lookTwice(page, 'errors');
    await page.getByRole('link', { name: /^2 runs failed so/ }).click();
    await expect(rowsOf(page, 'Runs')).toHaveCount(2);
  });
});

test('before the first run each page says what makes one', async ({ organization, page }) => {
  await signIn(page, organization.person('OWNER'), '/pipelines');
  await expect(page.getByText('No runs yet.')).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: 'Set up a provider' })).toBeVisible();
  await lookTwice(page, 'no-pipelines');
  await page.goto('/data-quality');
  await expect(page.getByText('No checks yet.')).toBeVisible();
  await lookTwice(page, 'no-checks');
  await page.goto('/pipelines/errors');
  await expect(page.getByText('No run failed in these days.')).toBeVisible();
});
