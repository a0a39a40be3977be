/** What becomes of events as real clients sent them. */
import { expect, test } from 'vitest';
import { type Told, tell, toldRun } from '@/dev/testing/lineage/told-runs';
import { createWorld } from '@/dev/testing/world';
import { type SampleName, sampleEvents } from '@/lib/domains/lineage/samples/samples';

const minuteMs = 60_000;

async function told(name: SampleName): Promise<Told> {
  const world = await createWorld();
  await tell(world, sampleEvents(name, new Date(Date.now() - minuteMs)));
  return toldRun(world);
}

const steps = ({ steps: all }: Told) =>
  all.map(step => `${step.stepIndex} ${step.stepType} ${step.stepName} ${step.status}`);
const checks = ({ checks: all }: Told) =>
  all.map(
    check =>
      `${check.targetTable} by ${check.dqConfigId}: ${check.overallStatus} ${check.expectationsPassed}+${check.expectationsFailed}`,
  );

test('openlineage-python: a run with a step that wrote 42 rows and checked two tables', async () => {
  for (const name of ['client-lifecycle', 'client-lifecycle-async'] as const) {
    const all = await told(name);
    expect(all.run).toMatchObject({
      pipelineId: 'daily',
      status: 'COMPLETED',
      origin: 'observed',
      triggerBy: 'CUSTOM',
      quotaCharge: 0,
      runDay: null,
      jobNamespace: 'shop',
      jobName: 'daily',
      orchestrator: 'CUSTOM',
      stepCount: 1,
      checkCount: 2,
      checksFailed: 2,
      rowsProcessed: 42,
      parameters: { nominalTime: { nominalStartTime: expect.any(String) } },
    });
    expect(steps(all)).toEqual(['0 task daily.load COMPLETED']);
    expect(all.steps[0]?.rowsProcessed).toBe(42);
    expect(checks(all)).toEqual([
      'duckdb://shop/main.orders by daily.load: FAIL 1+1',
      'duckdb://shop/raw.orders by daily.load: FAIL 1+1',
    ]);
    expect(all.checks[0]?.failedExpectations).toEqual([
      { name: null, assertion: 'not_null', column: 'customer_id', severity: 'error', expected: '0', actual: '1' },
    ]);
  }
});

test('openlineage-python: a failed run says why', async () => {
  const all = await told('client-fail');
  expect(all.run).toMatchObject({ status: 'FAILED', errorFingerprint: expect.stringMatching(/^[\da-f]{16}$/) });
  expect(all.run.errorMessage).toMatch(/\w/);
  expect(steps(all)).toEqual(['0 task daily.load FAILED']);
  expect(all.steps[0]?.errorMessage).toMatch(/\w/);
});

test('an event that is sent three times is one run that goes on', async () => {
  const all = await told('client-retry-503-then-201');
  expect(all.run).toMatchObject({ pipelineId: 'b', jobNamespace: 'a', status: 'RUNNING', endTime: null });
  expect(all.steps).toEqual([]);
});

test('dbt run: models as steps, in the order of their starts', async () => {
  const all = await told('dbt-run');
  expect(all.run).toMatchObject({ pipelineId: 'dbt-run-shop', status: 'COMPLETED', orchestrator: 'DBT', stepCount: 3 });
  expect(all.run.startTime.getTime()).toBeLessThan(all.steps[0]?.startTime.getTime() ?? 0);
  expect(steps(all)).toEqual([
    '0 model shop.main.shop.stg_orders COMPLETED',
    '1 model shop.main.shop.customer_totals COMPLETED',
    '2 model shop.main.shop.report COMPLETED',
  ]);
  expect(all.steps[0]?.metadata).toMatchObject({
    sql: expect.stringContaining('select'),
    parent: { name: 'dbt-run-shop', run_id: all.run.pipelineLoggingId },
  });
});

test('dbt seed that reports nothing of its nodes is a run without steps', async () => {
  const all = await told('dbt-seed');
  expect(all.run).toMatchObject({ status: 'COMPLETED', stepCount: 0, checkCount: 0 });
});

test('dbt run with a model that fails: the run says which', async () => {
  const all = await told('dbt-run-error');
  expect(all.run).toMatchObject({ status: 'FAILED', errorMessage: 'shop.main.shop.broken failed' });
  expect(steps(all)).toEqual([
    '0 model shop.main.shop.stg_orders COMPLETED',
    '1 model shop.main.shop.broken FAILED',
    '2 model shop.main.shop.customer_totals COMPLETED',
    '3 model shop.main.shop.report COMPLETED',
  ]);
});

test('dbt test: a failing test is a failed check, although a warning stands beside it', async () => {
  const all = await told('dbt-test');
  expect(all.run).toMatchObject({ status: 'FAILED', checkCount: 3, checksFailed: 1 });
  expect(all.run.errorMessage).toBe(
    'shop.main.shop.stg_orders.test: not_null_stg_orders_customer_id on customer_id failed, expected 0, found 1',
  );
  expect(steps(all).sort()).toEqual([
    '0 test shop.main.shop.customer_totals.test COMPLETED',
    '1 test shop.main.shop.report.test COMPLETED',
    '2 test shop.main.shop.stg_orders.test FAILED',
    '3 test test.shop.assert_has_customers COMPLETED',
  ]);
  expect(checks(all)).toEqual([
    'duckdb:///shop.duckdb/shop.main.customer_totals by shop.main.shop.customer_totals.test: PASS 1+0',
    'duckdb:///shop.duckdb/shop.main.report by shop.main.shop.report.test: PASS 1+0',
    'duckdb:///shop.duckdb/shop.main.stg_orders by shop.main.shop.stg_orders.test: FAIL 2+2',
  ]);
});

test.each(['dbt-build', 'dbt-build-error'] as const)(
  '%s: tests that dbt skipped neither passed nor failed',
  async name => {
    const all = await told(name);
    expect(all.run).toMatchObject({ status: 'FAILED', checkCount: 1, checksFailed: 1 });
    expect(steps(all)).toEqual([
      '0 model shop.main.shop.stg_orders.build.run COMPLETED',
      '1 test shop.main.shop.customer_totals.build.test SKIPPED',
      '2 test shop.main.shop.report.build.test SKIPPED',
      '3 test shop.main.shop.stg_orders.build.test FAILED',
      '4 test test.shop.assert_has_customers SKIPPED',
    ]);
    expect(checks(all)).toEqual([
      'duckdb:///shop.duckdb/shop.main.stg_orders by shop.main.shop.stg_orders.build.test: FAIL 2+2',
    ]);
  },
);

test('dbt build by structured logs under a task of Airflow: every node and statement is a step of the task’s run', async () => {
  const all = await told('dbt-build-structured');
  // The task itself reports nothing here, so the run is as its children name it and goes on.
  expect(all.run).toMatchObject({ pipelineId: 'dag.task', jobNamespace: 'airflow', status: 'RUNNING' });
  const nodes = all.steps.filter(({ stepType }) => stepType !== 'sql');
  expect(nodes.map(step => `${step.stepType} ${step.stepName.replace(/\.[\da-f]{10}$/, '')} ${step.status}`)).toEqual([
    'job nightly FAILED',
    'seed seed.shop.raw_orders COMPLETED',
    'model model.shop.stg_orders COMPLETED',
    'test test.shop.accepted_values_stg_orders_status__paid__void COMPLETED',
    'test test.shop.not_null_stg_orders_customer_id FAILED',
    'test test.shop.not_null_stg_orders_order_id COMPLETED',
    'test test.shop.unique_stg_orders_order_id COMPLETED',
    'model model.shop.broken SKIPPED',
    'model model.shop.customer_totals SKIPPED',
    'test test.shop.not_null_customer_totals_total SKIPPED',
    'model model.shop.report SKIPPED',
    'test test.shop.assert_has_customers SKIPPED',
  ]);
  expect(nodes[4]?.errorMessage).toBe('Got 1 result, configured to fail if != 0');
  expect(all.steps.length - nodes.length).toBe(18);
  expect(checks(all).map(line => line.replace(/\.[\da-f]{10}(?=:)/, ''))).toEqual([
    'duckdb:///shop.duckdb/shop.main.stg_orders by test.shop.accepted_values_stg_orders_status__paid__void: WARNING 0+1',
    'duckdb:///shop.duckdb/shop.main.stg_orders by test.shop.not_null_stg_orders_customer_id: FAIL 0+1',
    'duckdb:///shop.duckdb/shop.main.stg_orders by test.shop.not_null_stg_orders_order_id: PASS 1+0',
    'duckdb:///shop.duckdb/shop.main.stg_orders by test.shop.unique_stg_orders_order_id: PASS 1+0',
  ]);
});

test('a failing model by structured logs fails the run with what the database said, not with “Command failed”', async () => {
  const all = await told('dbt-run-error-structured');
  expect(all.run.status).toBe('FAILED');
  expect(all.run.errorMessage).toMatch(/^model\.shop\.broken\.sql\.2: .*Binder Error: /s);
  expect(all.steps.find(({ stepName }) => stepName === 'model.shop.broken')).toMatchObject({ status: 'FAILED' });
});

test('dbt run under a task that reports nothing is a step, and its models too', async () => {
  const all = await told('dbt-run-parent');
  expect(all.run.status).toBe('RUNNING');
  expect(steps(all)).toEqual([
    '0 job nightly FAILED',
    '1 model shop.main.shop.stg_orders COMPLETED',
    '2 model shop.main.shop.broken FAILED',
    '3 model shop.main.shop.customer_totals COMPLETED',
    '4 model shop.main.shop.report COMPLETED',
  ]);
});

test('a posted result of Great Expectations is a run with one check', async () => {
  const all = await told('ge-openlineage-post');
  expect(all.run).toMatchObject({ pipelineId: 'orders_suite', status: 'FAILED', stepCount: 0, checkCount: 1 });
  expect(checks(all)).toEqual(['shop/orders by orders_suite: FAIL 2+3']);
});
