/** Observed runs: a build of dbt that is reported by OpenLineage is on its page within seconds, as its orchestrator sent it. */
import { expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { firstLoadBytes, lookEverywhere, lookTwice, policyViolations } from '@/e2e/look';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';
import { rootRunIdOf, runEventInput } from '@/lib/domains/lineage/input';
import { type SampleName, sampleEvents } from '@/lib/domains/lineage/samples/samples';

test.use({ plan: 'PROFESSIONAL' });

/** Sends what a client recorded, as if it had ended now; answers the id of its run. */
async function report(key: string, sample: SampleName): Promise<string> {
  const events = sampleEvents(sample, new Date());
  await send(key, events);
  return rootRunIdOf(runEventInput.parse(events[0]));
}

async function send(key: string, events: readonly object[]): Promise<void> {
  const response = await fetch(`${demo().dataPlane}/api/v1/lineage/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(events),
  });
  expect(response.status, await response.text()).toBe(201);
}

/** An event of the run that no report can be of: it lies a week before its start. */
const lateEvent = (runId: string) => ({
  eventType: 'COMPLETE',
  eventTime: new Date(Date.now() - 7 * 86_400_000).toISOString(),
  producer: 'https://example.com',
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
  run: { runId },
  job: { namespace: 'dbt', name: 'dbt-run-shop' },
});

const region = (page: Page, name: string) => page.getByRole('region', { name });
const row = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Steps' }).getByRole('listitem').filter({ hasText: name });

test('a reported build of dbt is an observed run within seconds, its models are steps and its failing test a failed check', async ({
  organization,
  page,
}) => {
  test.setTimeout(240_000);
  const key = await organization.createKey('runs:write');
  const violations = policyViolations(page);
  await signIn(page, organization.person('OWNER'), '/runs');
  await expect(page.getByRole('main')).toContainText('by OpenLineage');
  const id = await report(key, 'dbt-build-error');

  // In the list, beside who started it; the filter tells it from others.
  await expect(async () => {
    await page.goto('/runs?origin=observed');
    await expect(page.getByRole('row', { name: /dbt-run-shop/ })).toContainText('Observed', { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  await lookEverywhere(page, 'runs-observed');
  await page.goto('/runs?origin=ours');
  await expect(page.getByRole('main')).toContainText('No run matches these filters.');
  await page.getByRole('link', { name: 'Remove filter Origin: Tenantry' }).click();
  await page.getByRole('link', { name: 'dbt-run-shop' }).first().click();

  // Its page: what it is, and that nothing of it is done here.
  await expect(page).toHaveURL(new RegExp(`/runs/${id}`));
  await expect(region(page, 'Summary')).toContainText('Failed');
  await expect(region(page, 'Summary')).toContainText('It is cancelled or run again there, not here.');
  await expect(page.getByRole('link', { name: /^(Run again|Cancel)/ })).toHaveCount(0);
  await expect(region(page, 'Quota and origin')).toContainText('None: observed');
  await expect(region(page, 'Orchestrator')).toContainText('dbt-run-shop');

  // Models are steps, and what was not tried is skipped.
  await expect(row(page, 'stg_orders.build.run')).toContainText('succeeded');
  await expect(row(page, 'report.build.test')).toContainText('skipped');
  await row(page, 'stg_orders.build.run').locator('summary').first().click();
  await expect(page.getByRole('group', { name: /^SQL of/ })).toContainText('select order_id');

  // The failing test is a failed check, and explains the run.
  const found = 'not_null on customer_id: expected 0, found 1, severity error';
  await expect(region(page, 'What failed')).toContainText('failed: its data did not pass a check.');
  await expect(region(page, 'What failed')).toContainText(found);
  await expect(region(page, 'Data quality')).toContainText(found);
  await expect(region(page, 'Data quality')).toContainText(
    'accepted_values on status: expected 0, found 1, severity warn',
  );
  expect(await firstLoadBytes(page, `/runs/${id}`)).toBeLessThanOrEqual(150_000);
  await lookEverywhere(page, 'run-observed');

  // What comes too late changes nothing, and is told with its reason.
  await send(key, [lateEvent(id)]);
  await expect(async () => {
    await page.reload();
    await region(page, 'Orchestrator').getByText('The late event').click({ timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  await expect(region(page, 'Orchestrator')).toContainText('Its time lies before the window of the run.');

  await page.goto('/pipelines');
  await expect(page.getByRole('main')).toContainText('Namespace dbt');
  await lookTwice(page, 'pipelines-observed');
  await page.goto(`/search?q=${id}`);
  await expect(page.getByRole('main').getByRole('link', { name: /dbt-run-shop/ })).toBeVisible();

  await signIn(page, organization.person('VIEWER'), `/runs/${id}`);
  await expect(region(page, 'Summary')).toContainText('Observed');
  await lookTwice(page, 'run-observed-viewer');
  expect(violations).toEqual([]);
});

test('statements are folded into their model, open where one failed, and aborted models are skipped', async ({
  organization,
  page,
}) => {
  test.setTimeout(180_000);
  const key = await organization.createKey('runs:write');
  const failed = await report(key, 'dbt-run-error-structured');
  await signIn(page, organization.person('OWNER'), '/runs');
  const opened = async (id: string) =>
    expect(async () => {
      await page.goto(`/runs/${id}`);
      await expect(page.getByRole('list', { name: 'Steps' })).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 20_000 });
  await opened(failed);
  await expect(region(page, 'What failed')).toContainText('“model.shop.broken” failed');
  await expect(page.getByRole('list', { name: 'Statements of model.shop.broken' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Statements of model.shop.stg_orders' })).toBeHidden();
  await lookTwice(page, 'run-observed-statements');

  // Its DAG never reports itself: the run goes on, and what was aborted is skipped.
  await opened(await report(key, 'dbt-build-structured'));
  await expect(region(page, 'Summary')).toContainText('Running');
  await expect(row(page, 'model.shop.report')).toContainText('skipped');
  await lookTwice(page, 'run-observed-running');
});
