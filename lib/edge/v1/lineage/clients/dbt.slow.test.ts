/** dbt-ol as it is published reports dbt's runs, tests and builds by two variables: one run an invocation, its models steps, its tests checks. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DbtScene, openDbtScene } from '@/dev/testing/lineage/dbt-scene';
import { openPlanes, type Planes } from '@/dev/testing/lineage/planes';
import {
  allApplied,
  checksOf,
  createSender,
  namesOf,
  onlyRun,
  readBack,
  type Sender,
} from '@/dev/testing/lineage/sender';
import { type Told, toldRuns } from '@/dev/testing/lineage/told-runs';

let planes: Planes;
let dbt: DbtScene;
beforeAll(async () => {
  dbt = await openDbtScene();
  planes = await openPlanes();
}, 600_000);
afterAll(async () => {
  await planes.close();
  await dbt.close();
});

/** Where dbt-ol reports. */
const to = ({ key }: Sender) => ({ OPENLINEAGE_URL: planes.proxy.url, OPENLINEAGE_API_KEY: key });

const table = (name: string) => `duckdb://shop.duckdb/shop.main.${name}`;
/** The tests of the shop, where the models beneath them were built. */
const asTested = [
  `${table('customer_totals')} by shop.main.shop.customer_totals.test: PASS, 2 passed, 0 failed`,
  `${table('report')} by shop.main.shop.report.test: PASS, 2 passed, 0 failed`,
  `${table('stg_orders')} by shop.main.shop.stg_orders.test: FAIL, 2 passed, 2 failed`,
];
/** In the logs each test has events of its own. */
const single = (name: string, dataset: string, status: string, passed: number) =>
  `${table(dataset)} by test.shop.${name}: ${status}, ${passed} passed, ${1 - passed} failed`;
const ofOrders = [
  single('accepted_values_stg_orders_status__paid__void.fa21c0533e', 'stg_orders', 'WARNING', 0),
  single('not_null_stg_orders_customer_id.af79d5e4b5', 'stg_orders', 'FAIL', 0),
  single('not_null_stg_orders_order_id.81cfe2fe64', 'stg_orders', 'PASS', 1),
  single('unique_stg_orders_order_id.e3b841c71a', 'stg_orders', 'PASS', 1),
];
const testsOfOrders = [
  'test test.shop.accepted_values_stg_orders_status__paid__void.fa21c0533e: COMPLETED',
  'test test.shop.not_null_stg_orders_customer_id.af79d5e4b5: FAILED',
  'test test.shop.not_null_stg_orders_order_id.81cfe2fe64: COMPLETED',
  'test test.shop.unique_stg_orders_order_id.e3b841c71a: COMPLETED',
];
const testsOfOthers = (status: string) =>
  [
    'not_null_customer_totals_customer_id.d8f7e34ada',
    'unique_customer_totals_customer_id.947261d2cb',
    'assert_has_customers',
    'not_null_report_total.db393943fb',
  ].map(name => `test test.shop.${name}: ${status}`);
const models = (prefix: string, status = 'COMPLETED') =>
  ['stg_orders', 'customer_totals', 'report'].map(name => `model ${prefix}${name}: ${status}`);

/** A failed assertion has its column, what was expected and how many rows there were; its step says so too. */
function saysWhatFailed({ checks, steps }: Told): void {
  expect(checks.find(check => check.overallStatus === 'FAIL')?.failedExpectations).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ assertion: 'not_null', column: 'customer_id', severity: 'error', actual: '1' }),
      expect.objectContaining({ assertion: 'accepted_values', column: 'status', severity: 'warn', actual: '1' }),
    ]),
  );
  expect(steps.find(({ status }) => status === 'FAILED')?.errorMessage).toContain('customer_id');
}

/** A model that cannot be built says why, in the logs alone. */
function saysWhy({ steps, run }: Told): void {
  expect(steps.find(step => step.stepName === 'model.shop.broken')?.errorMessage).toContain('no_such_column');
  expect(run.errorMessage).toContain('no_such_column');
}

type Case = {
  /** The command, and whether a model fails and the logs are followed. */
  args: [string, ...('broken' | 'logs')[]];
  status: 'COMPLETED' | 'FAILED';
  steps: string[];
  checks: string[];
  also?: (told: Told) => void;
};
const broken = '{broken: true}';
const cases: Case[] = [
  { args: ['run'], status: 'COMPLETED', steps: models('shop.main.shop.'), checks: [] },
  { args: ['run', 'logs'], status: 'COMPLETED', steps: models('model.shop.'), checks: [] },
  {
    args: ['test'],
    status: 'FAILED',
    steps: [
      'test shop.main.shop.report.test: COMPLETED',
      'test shop.main.shop.customer_totals.test: COMPLETED',
      'test shop.main.shop.stg_orders.test: FAILED',
      'test test.shop.assert_has_customers: COMPLETED',
    ],
    checks: asTested,
    also: saysWhatFailed,
  },
  {
    args: ['test', 'logs'],
    status: 'FAILED',
    steps: [...testsOfOrders, ...testsOfOthers('COMPLETED')],
    checks: [
      ...ofOrders,
      single('assert_has_customers', 'report', 'PASS', 1),
      single('not_null_report_total.db393943fb', 'report', 'PASS', 1),
      single('not_null_customer_totals_customer_id.d8f7e34ada', 'customer_totals', 'PASS', 1),
      single('unique_customer_totals_customer_id.947261d2cb', 'customer_totals', 'PASS', 1),
    ],
  },
  {
    // What a failed test kept from being built is named by tests without a result alone: they are skipped.
    args: ['build'],
    status: 'FAILED',
    steps: [
      'model shop.main.shop.stg_orders.build.run: COMPLETED',
      'test shop.main.shop.customer_totals.build.test: SKIPPED',
      'test shop.main.shop.report.build.test: SKIPPED',
      'test shop.main.shop.stg_orders.build.test: FAILED',
      'test test.shop.assert_has_customers: SKIPPED',
    ],
    checks: [`${table('stg_orders')} by shop.main.shop.stg_orders.build.test: FAIL, 2 passed, 2 failed`],
  },
  {
    args: ['build', 'logs'],
    status: 'FAILED',
    steps: [
      'seed seed.shop.raw_orders: COMPLETED',
      'model model.shop.stg_orders: COMPLETED',
      'model model.shop.customer_totals: SKIPPED',
      'model model.shop.report: SKIPPED',
      ...testsOfOrders,
      ...testsOfOthers('SKIPPED'),
    ],
    checks: ofOrders,
  },
  {
    args: ['run', 'broken'],
    status: 'FAILED',
    steps: ['model shop.main.shop.broken: FAILED', ...models('shop.main.shop.')],
    checks: [],
  },
  {
    args: ['run', 'broken', 'logs'],
    status: 'FAILED',
    steps: ['model model.shop.broken: FAILED', ...models('model.shop.')],
    checks: [],
    also: saysWhy,
  },
];

test.each(cases)(
  'dbt-ol $args: one run with its models as steps and its tests as checks',
  async ({ args: [command, ...how], status, steps, checks, also }) => {
    const sender = await createSender();
    planes.proxy.begin();
    const args = [
      command,
      ...(how.includes('broken') ? ['--vars', broken] : []),
      ...(how.includes('logs') ? ['--consume-structured-logs'] : []),
    ];
    const { code, output } = await dbt.dbtOl(await dbt.project(), args, to(sender));
    expect(code, output).toBe(status === 'COMPLETED' ? 0 : 1);
    expect(new Set(planes.proxy.passed.map(passed => passed.status))).toEqual(new Set([201]));
    const found = await onlyRun(sender, status);
    expect(found.run).toMatchObject({
      pipelineId: 'dbt-run-shop',
      origin: 'observed',
      orchestrator: 'DBT',
      jobNamespace: 'dbt',
      jobName: 'dbt-run-shop',
      quotaCharge: 0,
      lateEvents: 0,
      checksFailed: checks.filter(check => check.includes(': FAIL,')).length,
    });
    // Each statement of a model or test is a step beneath it; there are as many as dbt chose to send.
    const named = namesOf(found).filter(step => !step.startsWith('sql '));
    expect([...named].sort()).toEqual([...steps].sort());
    expect(checksOf(found).sort()).toEqual([...checks].sort());
    expect(found.run).toMatchObject({ stepCount: found.steps.length, checkCount: checks.length });
    expect(found.steps.every(step => step.endTime !== null)).toBe(true);
    expect(found.steps.map(step => step.stepIndex)).toEqual(found.steps.map((_, index) => index));
    also?.(found);
    await readBack(planes.proxy.url, sender, found);
  },
);

test('a build that failed and is sent once more by send-events stays the one run that failed', async () => {
  const sender = await createSender();
  const project = await dbt.project();
  await dbt.dbtOl(project, ['build'], to(sender));
  const before = await onlyRun(sender, 'FAILED');
  planes.proxy.begin();
  const { code, output } = await dbt.dbtOl(project, ['send-events'], to(sender));
  expect(code, output).toBe(0);
  const sent = planes.proxy.passed.flatMap(({ events }) => events);
  expect(sent.at(-1)).toMatchObject({ eventType: 'COMPLETE', job: { name: 'dbt-run-shop' } });
  expect(sent.some(({ run }) => run.runId === before.run.pipelineLoggingId)).toBe(false);
  await allApplied(sender);
  const after = await onlyRun(sender, 'FAILED');
  expect(namesOf(after)).toEqual(namesOf(before));
  expect(checksOf(after)).toEqual(checksOf(before));
  expect(after.run).toMatchObject({ pipelineLoggingId: before.run.pipelineLoggingId, endTime: before.run.endTime });
});

test('under a run of its orchestrator a whole invocation is steps of that run', async () => {
  const sender = await createSender();
  const id = crypto.randomUUID();
  const env = { OPENLINEAGE_PARENT_ID: `airflow/nightly.dbt/${id}` };
  await dbt.dbtOl(await dbt.project(), ['run'], { ...to(sender), ...env });
  await allApplied(sender);
  const [found, ...others] = await toldRuns(sender.world);
  expect(others).toEqual([]);
  expect(found?.run).toMatchObject({ pipelineLoggingId: id, pipelineId: 'nightly.dbt', status: 'RUNNING' });
  const steps = found ? namesOf(found) : [];
  expect(steps.sort()).toEqual(['job dbt-run-shop: COMPLETED', ...models('shop.main.shop.')].sort());
});

test('a data plane that is killed in the middle and comes back has all, as the client tries again', async () => {
  const sender = await createSender();
  const project = await dbt.project();
  planes.proxy.begin();
  let back: Promise<void> | undefined;
  planes.proxy.onPassed(passed => {
    if (passed.length === 3) back = planes.killDataPlane().then(() => planes.restartDataPlane());
  });
  const { code, output } = await dbt.dbtOl(project, ['run'], to(sender));
  await back;
  expect(code, output).toBe(0);
  expect(planes.proxy.passed.some(({ status }) => status === 'cut')).toBe(true);
  const found = await onlyRun(sender, 'COMPLETED');
  expect(namesOf(found).sort()).toEqual([...models('shop.main.shop.')].sort());
});

/** A client that tries each event once. */
const impatient = () => ({
  OPENLINEAGE__TRANSPORT__TYPE: 'http',
  OPENLINEAGE__TRANSPORT__URL: planes.proxy.url,
  OPENLINEAGE__TRANSPORT__RETRY: '{"total": 0}',
});

test('while the data plane is down dbt runs on and nothing is stored; send-events brings it once it is back', async () => {
  const sender = await createSender();
  const project = await dbt.project();
  planes.proxy.begin();
  await planes.killDataPlane();
  await dbt.dbtOl(project, ['run'], impatient());
  await planes.restartDataPlane();
  await allApplied(sender);
  expect(await toldRuns(sender.world)).toEqual([]);
  await dbt.dbtOl(project, ['send-events'], to(sender));
  const found = await onlyRun(sender, 'COMPLETED');
  expect(namesOf(found).sort()).toEqual([...models('shop.main.shop.')].sort());
});
