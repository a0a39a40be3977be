import { beforeAll, expect, test } from 'vitest';
import { checkReport, runInput, stepReport } from '@/dev/testing/quota';
import { createWorld, type World } from '@/dev/testing/world';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { getDailyQuota, listDays, listQuotaUtilization } from '@/lib/domains/quotas/queries';
import {
  countRecent,
  getRun,
  listFailedChecks,
  listFailedRuns,
  listLongestSteps,
} from '@/lib/domains/runs/reads/queries';
import { listRuns } from '@/lib/domains/runs/reads/run-list';
import { listRunChecks, listRunSteps } from '@/lib/domains/runs/reads/run-parts';
import { reportChecks, reportSteps } from '@/lib/domains/runs/reports/report';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import type { Run } from '@/lib/domains/runs/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { systemCtx } from '@/lib/kernel/ctx';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

let world: World;
let stranger: World;
const ended: Run[] = [];
const day = utcDay(new Date());
const asked = [
  'customers.customer_profiles',
  'customers.customer_usage_quotas',
  'tenant.pipeline_runs',
  'tenant.run_details',
  'tenant.step_logs',
  'tenant.dq_results',
];
const parameters = { date: '2025-11-15', batch_size: 1000, filters: { region: 'US' } };

async function fill(target: World): Promise<void> {
  await applyLimits(db(), target.customerId, { dailyLimit: 6 });
  const outcomes = [
    { status: 'COMPLETED' },
    { status: 'FAILED', error_message: 'boom' },
    { status: 'CANCELLED', error_message: 'not needed' },
    { status: 'FAILED', error_message: 'boom again' },
    { status: 'COMPLETED' },
  ];
  for (const [index, outcome] of outcomes.entries()) {
    const { run } = await startRun(target.system, { ...runInput(), pipeline_id: `p${index}`, parameters });
    const steps = [stepReport({ step_index: 1, step_name: 'second' }), stepReport({ step_name: `first${index}` })];
    await reportSteps(target.system, { steps }, run.pipelineLoggingId);
    const failed = { expectations_failed: 2, overall_status: 'FAIL', failed_expectations: [{ column: 'a' }] };
    const checks = [checkReport({}), ...(index === 1 ? [checkReport(failed)] : [])];
    await reportChecks(target.system, { dq_results: checks }, run.pipelineLoggingId);
    const { run: done } = await completeRun(target.system, outcome, run.pipelineLoggingId);
    if (target === world) ended.push(done);
  }
}

beforeAll(async () => {
  [world, stranger] = await Promise.all([createWorld(), createWorld()]);
  await fill(world);
  await fill(stranger);
  await flushOnce(relayDeps(), {
    mirrors: asked,
    customers: [world.customerId, stranger.customerId],
    lockWaitMs: 60_000,
  });
}, 120_000);

test('the day holds runs, outcomes and limits as Postgres counted them', async () => {
  const { rows } = await listDays(world.system, { fromDay: day, toDay: utcDay(new Date()) });
  expect(rows.at(-1)).toMatchObject({
    pipelines_run_today: 5,
    pipelines_succeeded_today: 2,
    pipelines_failed_today: 2,
    pipelines_cancelled_today: 1,
    daily_limit: 6,
    quota_warning_sent: true,
    quota_exceeded: false,
    max_concurrent_reached: 1,
    total_storage_used_gb: null,
  });
  expect(rows).toHaveLength(1);
});

test('the quota of a day answers its five fields, and nothing for a day without use', async () => {
  expect((await getDailyQuota(world.system, { day })).rows).toEqual([
    {
      pipelines_run_today: 5,
      daily_limit: 6,
      quota_exceeded: false,
      concurrent_pipelines_running: 0,
      concurrent_limit: 3,
    },
  ]);
  expect((await getDailyQuota(world.system, { day: '2020-01-01' })).rows).toEqual([]);
});

test('runs come newest first, page by page, none twice and none of another customer', async () => {
  const all = (await listRuns(world.system, {})).rows;
  expect(all.map(run => run.pipeline_id)).toEqual(['p4', 'p3', 'p2', 'p1', 'p0']);
  expect(all.map(run => run.status)).toEqual(['COMPLETED', 'FAILED', 'CANCELLED', 'FAILED', 'COMPLETED']);
  const first = await listRuns(world.system, { limit: 2 });
  const rest = await listRuns(world.system, { after: first.nextCursor ?? '' });
  expect([...first.rows, ...rest.rows]).toEqual(all);
  expect(rest.nextCursor).toBeNull();
});

test('runs are narrowed by status, pipeline, trigger and day', async () => {
  const ids = async (filter: Parameters<typeof listRuns>[1]) =>
    (await listRuns(world.system, filter)).rows.map(run => run.pipeline_id);
  expect(await ids({ status: 'FAILED' })).toEqual(['p3', 'p1']);
  expect(await ids({ status: 'CANCELLED' })).toEqual(['p2']);
  expect(await ids({ status: 'RUNNING' })).toEqual([]);
  expect(await ids({ pipeline: 'p0', trigger: 'api' })).toEqual(['p0']);
  expect(await ids({ trigger: 'scheduler' })).toEqual([]);
  expect(await ids({ from: '2020-01-01', to: '2020-01-31' })).toEqual([]);
  expect(await ids({ from: day, to: utcDay(new Date()) })).toHaveLength(5);
});

test('one run is there with its parameters, its steps in order, its failed checks first', async () => {
  const run = ended[1];
  if (!run) throw new Error('no run');
  const which = { pipelineLoggingId: run.pipelineLoggingId, startDay: utcDay(run.startTime) };
  expect((await getRun(world.system, which)).rows).toEqual([
    expect.objectContaining({
      status: 'FAILED',
      error_message: 'boom',
      parameters,
      start_time: run.startTime,
      end_time: run.endTime,
      duration_ms: run.durationMs,
    }),
  ]);
  expect((await listRunSteps(world.system, which)).rows.map(step => step.step_name)).toEqual(['first1', 'second']);
  const checks = (await listRunChecks(world.system, which)).rows;
  expect(checks.map(check => check.overall_status)).toEqual(['FAIL', 'PASS']);
  expect(checks[0]?.failed_expectations).toEqual([{ column: 'a' }]);
  expect((await getRun(stranger.system, which)).rows).toEqual([]);
  expect((await listRunSteps(stranger.system, which)).rows).toEqual([]);
  expect((await listRunChecks(stranger.system, which)).rows).toEqual([]);
});

test('the last 7 days’ numbers, failed runs, longest steps and failed checks are the customer’s own', async () => {
  expect((await countRecent(world.system, {})).rows).toEqual([
    { runs: 5, runs_failed: 2, checks: 6, checks_failed: 1 },
  ]);
  const failed = (await listFailedRuns(world.system, {})).rows;
  expect(failed.map(run => [run.pipeline_id, run.error_message])).toEqual([
    ['p3', 'boom again'],
    ['p1', 'boom'],
  ]);
  expect(failed[0]?.parameters).toEqual(parameters);
  const steps = (await listLongestSteps(world.system, {})).rows;
  expect(steps).toHaveLength(10);
  expect(steps.map(step => step.duration_ms)).toEqual(
    steps.map(step => step.duration_ms).sort((a, b) => (b ?? 0) - (a ?? 0)),
  );
  expect((await listFailedChecks(world.system, {})).rows).toEqual([
    expect.objectContaining({ pipeline_logging_id: ended[1]?.pipelineLoggingId, overall_status: 'FAIL' }),
  ]);
});

test('staff see today’s utilization of every customer of a status; a customer’s people may not ask', async () => {
  const staff = { ...systemCtx('test'), actor: { type: 'staff', id: 'staff@example.com' } as const };
  const { rows } = await listQuotaUtilization(staff, { statuses: ['TRIAL'] });
  const own = rows.find(row => row.customer_id === world.customerId);
  expect(own).toMatchObject({ utilization_pct: 83.33, pipelines_run_today: 5, daily_limit: 6, quota_exceeded: false });
  const order = rows.map(row => row.utilization_pct ?? -1);
  expect(order).toEqual([...order].sort((a, b) => b - a));
  await expect(listQuotaUtilization(world.as('OWNER'), {})).rejects.toMatchObject({ code: 'forbidden' });
});

test('a bad cursor and a bad period are refused', async () => {
  await expect(listRuns(world.system, { after: 'x' })).rejects.toMatchObject({ code: 'invalid_cursor' });
  await expect(listDays(world.system, { fromDay: '2026-02-01', toDay: '2026-01-01' })).rejects.toMatchObject({
    code: 'invalid_input',
  });
});
