import { and, eq } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { checkReport, runInput } from '@/dev/testing/quota';
import { insertPastRuns, mirrorRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { listRuns } from '@/lib/domains/runs/reads/run-list';
import type { RunFilter } from '@/lib/domains/runs/reads/run-list-input';
import { runsCsv } from '@/lib/domains/runs/reads/runs-csv';
import { reportChecks } from '@/lib/domains/runs/reports/report';
import { errorFingerprint, errorPattern } from '@/lib/domains/runs/rules';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { runs } from '@/lib/domains/runs/tables';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

let world: World;
let stranger: World;
const today = utcDay(new Date());
const names = async (of: World, filter: RunFilter = {}): Promise<string[]> =>
  (await listRuns(of.system, filter)).rows.map(run => run.pipeline_id);

/** Starts a run and ends it; with one failed check where asked. */
async function makeRun(of: World, pipeline_id: string, outcome: object | null, failedCheck = false): Promise<string> {
  const { run } = await startRun(of.system, { ...runInput(), pipeline_id });
  const { pipelineLoggingId: id } = run;
  const failed = { expectations_failed: 2, overall_status: 'FAIL' };
  const checks = [checkReport({}), ...(failedCheck ? [checkReport(failed)] : [])];
  await reportChecks(of.system, { dq_results: checks }, id);
  if (outcome) await completeRun(of.system, outcome, id);
  return id;
}

beforeAll(async () => {
  [world, stranger] = await Promise.all([createWorld(), createWorld()]);
  for (const of of [world, stranger]) {
    await applyLimits(db(), of.customerId, { dailyLimit: 100, concurrentLimit: 100 });
    await makeRun(of, 'p0', { status: 'COMPLETED' });
    await makeRun(of, 'p1', { status: 'FAILED', error_message: 'step 7 of 9 failed' }, true);
    const ofConfig = await makeRun(of, 'p2', { status: 'CANCELLED', error_message: 'not needed' });
    await db().update(runs).set({ configId: 'config-of-p2' }).where(eq(runs.pipelineLoggingId, ofConfig));
    await makeRun(of, 'p3', { status: 'FAILED', error_message: 'step 8 of 9 failed' });
  }
  await mirrorRuns(world, stranger);
}, 120_000);

test('runs come newest first, page by page, none twice and none of another customer', async () => {
  const { rows: all, nextCursor: none } = await listRuns(world.system, {});
  expect(all.map(run => run.pipeline_id)).toEqual(['p3', 'p2', 'p1', 'p0']);
  expect(all.map(run => run.status)).toEqual(['FAILED', 'CANCELLED', 'FAILED', 'COMPLETED']);
  expect(none).toBeNull();
  const first = await listRuns(world.system, { limit: 3 });
  const rest = await listRuns(world.system, { limit: 3, after: first.nextCursor ?? '' });
  expect([...first.rows, ...rest.rows]).toEqual(all);
  expect(rest.nextCursor).toBeNull();
});

test('runs are narrowed by status, pipeline, trigger, key, config, day and failed checks', async () => {
  expect(await names(world, { status: 'FAILED' })).toEqual(['p3', 'p1']);
  expect(await names(world, { status: 'CANCELLED' })).toEqual(['p2']);
  expect(await names(world, { status: 'RUNNING' })).toEqual([]);
  expect(await names(world, { pipeline: 'p0', trigger: 'api' })).toEqual(['p0']);
  expect(await names(world, { trigger: 'scheduler' })).toEqual([]);
  expect(await names(world, { from: '2020-01-01', to: '2020-01-31' })).toEqual([]);
  expect(await names(world, { from: addDays(today, -1) })).toHaveLength(4);
  expect(await names(world, { checks: 'failed' })).toEqual(['p1']);
  expect(await names(world, { key: 'none' })).toEqual([]);
  expect(await names(world, { config: 'config-of-p2' })).toEqual(['p2']);
  expect(await names(world, { config: 'none' })).toEqual([]);
});

test('runs that failed alike are found by the fingerprint of their error', async () => {
  const { rows: runs } = await listRuns(world.system, { status: 'FAILED' });
  expect(runs.map(run => run.error_message)).toEqual(['step 8 of 9 failed', 'step 7 of 9 failed']);
  const error = errorFingerprint(errorPattern('step 1 of 9 failed'));
  expect(await names(world, { error })).toEqual(['p3', 'p1']);
});

test('what was reported of a run stands beside it', async () => {
  const [run] = (await listRuns(world.system, { pipeline: 'p1' })).rows;
  expect(run).toMatchObject({ check_count: 2, checks_failed: 1, rows_processed: null, api_key_id: null });
});

test('a run that runs, and one that has just ended, are there at once, in their place and by every filter', async () => {
  const moving = await createWorld();
  await applyLimits(db(), moving.customerId, { dailyLimit: 100, concurrentLimit: 100 });
  expect(await names(moving)).toEqual([]);
  await makeRun(moving, 'runs', null);
  await makeRun(moving, 'broke', { status: 'FAILED', error_message: 'boom' }, true);
  expect(await names(moving)).toEqual(['broke', 'runs']);
  expect(await names(moving, { status: 'RUNNING' })).toEqual(['runs']);
  expect(await names(moving, { checks: 'failed', status: 'FAILED' })).toEqual(['broke']);
  expect(await names(moving, { pipeline: 'other' })).toEqual([]);
  const waiting = (await listRuns(moving.system, {})).rows;
  await mirrorRuns(moving);
  expect((await listRuns(moving.system, {})).rows).toEqual(waiting);
});

test('without a day named the last 90 days are listed, and a day named reaches further back', async () => {
  const old = await createWorld();
  const startTime = new Date(Date.now() - 100 * 86_400_000);
  await insertPastRuns(old, [{ pipelineId: 'long_ago', status: 'COMPLETED', startTime, durationMs: 1_000 }]);
  await mirrorRuns(old);
  expect(await names(old)).toEqual([]);
  expect(await names(old, { from: utcDay(startTime) })).toEqual(['long_ago']);
  expect(await names(old, { to: addDays(utcDay(startTime), 1), from: utcDay(startTime) })).toEqual(['long_ago']);
});

test('an observed run keeps its details where it was heard of a day after its start, on every page and by its origin', async () => {
  const other = await createWorld();
  const start = new Date(`${addDays(today, -3)}T00:00:00Z`);
  const at = (hours: number) => new Date(start.getTime() + hours * 3_600_000);
  await insertPastRuns(
    other,
    [0, 1, 2].map(index => ({ pipelineId: `p${index}`, status: 'COMPLETED', startTime: at(index), durationMs: 1_000 })),
  );
  const observed = { origin: 'observed', orchestrator: 'DBT', jobNamespace: 'shop', jobName: 'p 1' } as const;
  await db()
    .update(runs)
    .set({ ...observed, createdAt: at(25) })
    .where(and(eq(runs.customerId, other.customerId), eq(runs.pipelineId, 'p1')));
  const first = await listRuns(other.system, { limit: 1 });
  const listed = async (filter: RunFilter) => (await listRuns(other.system, filter)).rows.map(run => run.job_name);
  const day = utcDay(start);
  const check = async () => {
    expect(await names(other, { origin: 'observed' })).toEqual(['p1']);
    expect(await names(other, { origin: 'ours' })).toEqual(['p2', 'p0']);
    expect(await listed({ from: day, to: day })).toEqual([null, 'p 1', null]);
    const [second] = (await listRuns(other.system, { limit: 1, after: first.nextCursor ?? '' })).rows;
    expect(second).toMatchObject({ origin: 'observed', orchestrator: 'DBT', job_namespace: 'shop', job_name: 'p 1' });
  };
  await check();
  await mirrorRuns(other);
  await check();
});

test('the CSV holds every run the filter matches, a line each, with a head', async () => {
  let text = '';
  for await (const piece of runsCsv(world.system, { status: 'FAILED' })) text += piece;
  const [head = '', ...lines] = text.trimEnd().split('\r\n');
  expect(head.split(',').slice(0, 3)).toEqual(['pipeline_logging_id', 'pipeline_id', 'status']);
  expect(lines.map(line => line.split(',').slice(1, 3))).toEqual([
    ['p3', 'FAILED'],
    ['p1', 'FAILED'],
  ]);
});

test('a wrong cursor, an unknown key’s runs and another customer’s list are no way in', async () => {
  await expect(listRuns(world.system, { after: 'x' })).rejects.toMatchObject({ code: 'invalid_cursor' });
  await expect(listRuns(world.system, { error: 'x' })).rejects.toMatchObject({ code: 'invalid_input' });
  const own = new Set((await listRuns(world.system, {})).rows.map(run => run.pipeline_logging_id));
  const others = (await listRuns(stranger.system, {})).rows;
  expect(others).toHaveLength(4);
  expect(others.filter(run => own.has(run.pipeline_logging_id))).toEqual([]);
});
