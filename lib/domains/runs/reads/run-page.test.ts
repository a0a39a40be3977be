/** One run on real stores: its parts are right at once and after the copy, and looking again and again bills nothing. */

import { eq } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { checkReport, runInput, stepReport } from '@/dev/testing/quota';
import { insertPastRuns, mirrorRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { readComparison } from '@/lib/domains/runs/reads/run-compare';
import { type RunParts, readHistories, readParts, readRun } from '@/lib/domains/runs/reads/run-page';
import { reportChecks, reportSteps } from '@/lib/domains/runs/reports/report';
import { hasEnded } from '@/lib/domains/runs/rules';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { runs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { metrics } from '@/lib/platform/metrics';
import { clearQueryCache } from '@/lib/warehouse/query/query-cache';

const start = async (world: World, change: object = {}) =>
  (await startRun(world.system, { ...runInput(), ...change })).run.pipelineLoggingId;

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const failedCheck = {
  dq_config_id: 'nulls',
  expectations_failed: 2,
  overall_status: 'FAIL',
  failed_expectations: [{ expectation: 'not_null', column: 'cost', failed_rows: 37, rows: 182_004 }],
};

/** A good run and, after it, one whose load failed and whose check fails. */
async function twoRuns(world: World): Promise<{ good: string; bad: string }> {
  const ids = [];
  for (const fails of [false, true]) {
    const id = await start(world, {
      config_version: fails ? 'v2' : 'v1',
      parameters: { region: fails ? 'EU' : 'US', n: 1 },
    });
    const ended = { start_time: minutesAgo(8), end_time: minutesAgo(fails ? 2 : 6) };
    const load = fails ? { status: 'FAILED', error_message: 'Access denied' } : { status: 'COMPLETED' };
    const steps = [
      stepReport({ step_index: 0, step_name: 'extract' }),
      stepReport({ step_index: 1, step_name: 'load', ...ended, ...load }),
      stepReport({
        step_index: 2,
        step_name: 'publish',
        status: 'SKIPPED',
        end_time: undefined,
        rows_processed: undefined,
      }),
    ];
    await reportSteps(world.system, { steps }, id);
    const checks = [checkReport({ dq_config_id: 'unique' }), checkReport(fails ? failedCheck : {})];
    await reportChecks(world.system, { dq_results: checks }, id);
    await completeRun(world.system, fails ? { status: 'FAILED' } : { status: 'COMPLETED' }, id);
    ids.push(id);
  }
  return { good: ids[0] ?? '', bad: ids[1] ?? '' };
}

/** How often BigQuery was asked by this process. */
async function asked(): Promise<number> {
  const { values } = await metrics().querySeconds.get();
  return values.filter(({ metricName }) => metricName?.endsWith('_count')).reduce((sum, { value }) => sum + value, 0);
}

const withoutAge = ({ steps, checks }: RunParts) => ({ steps: steps.rows, checks: checks.rows });

let world: World;
let ids: { good: string; bad: string };

beforeAll(async () => {
  world = await createWorld();
  await applyLimits(db(), world.customerId, { dailyLimit: 50 });
  ids = await twoRuns(world);
});

test('a run that just failed is there at once, failed parts first, and the same from BigQuery once it is copied', async () => {
  const owner = world.as('OWNER');
  const run = await readRun(owner, ids.bad);
  const before = await readParts(owner, run);
  expect(before.steps.age).toBeNull();
  expect(before.steps.rows.map(step => step.step_name)).toEqual(['load', 'extract', 'publish']);
  expect(before.checks.rows.map(check => check.overall_status)).toEqual(['FAIL', 'PASS']);
  const early = await readComparison(owner, run, 'last-good');
  await mirrorRuns(world);
  clearQueryCache();
  const after = await readParts(owner, run);
  expect(after.steps.age).toMatchObject({ state: 'current' });
  expect(withoutAge(after)).toEqual(withoutAge(before));
  expect(await readComparison(owner, run, 'last-good')).toEqual(early);
});

test('the comparison with the last good run says what broke, then what was changed', async () => {
  const owner = world.as('OWNER');
  const run = await readRun(owner, ids.bad);
  const comparison = await readComparison(owner, run, 'last-good');
  expect(comparison.other?.pipelineLoggingId).toBe(ids.good);
  expect(comparison.changes.map(({ kind, subject }) => [kind, subject]).slice(0, 5)).toEqual([
    ['step_status', 'load'],
    ['check', 'nulls on project.dataset.table'],
    ['config', null],
    ['parameter', 'region'],
    ['duration', 'load'],
  ]);
  expect(await readComparison(owner, await readRun(owner, ids.good), 'last-good')).toEqual({
    other: null,
    changes: [],
  });
  await expect(readComparison(owner, run, newUuid())).rejects.toMatchObject({ code: 'not_found' });
});

test('a check shows its last results, the earlier ones and the run’s own, oldest first', async () => {
  const owner = world.as('OWNER');
  const run = await readRun(owner, ids.bad);
  const { checks } = await readParts(owner, run);
  const histories = await readHistories(owner, run, checks.rows);
  const results = histories.get('project.dataset.table\nnulls') ?? [];
  expect(results.map(result => [result.overall_status, result.pipeline_logging_id])).toEqual([
    ['PASS', ids.good],
    ['FAIL', ids.bad],
  ]);
});

test('looking at a run that goes on asks BigQuery nothing, however often, while its worker reports', async () => {
  const owner = world.as('OWNER');
  const id = await start(world);
  const before = await asked();
  for (let poll = 0; poll < 10; poll++) {
    await reportSteps(world.system, { steps: [stepReport({ step_index: poll })] }, id);
    await reportChecks(world.system, { dq_results: [checkReport({})] }, id);
    const run = await readRun(owner, id);
    expect(!hasEnded(run)).toBe(true);
    const { steps, checks } = await readParts(owner, run);
    expect(steps.rows).toHaveLength(poll + 1);
    expect((await readHistories(owner, run, checks.rows)).size).toBe(1);
    expect(await readComparison(owner, run, 'last-good')).toEqual({ other: null, changes: [] });
  }
  expect(await asked()).toBe(before);
  await completeRun(world.system, { status: 'COMPLETED' }, id);
});

test('a run of 450 steps comes in pages, failed and running ones first, none twice, alike from both stores', async () => {
  const owner = world.as('OWNER');
  const id = await start(world);
  const status = (index: number) => (index === 449 ? 'FAILED' : index === 300 ? 'RUNNING' : 'COMPLETED');
  const steps = Array.from({ length: 450 }, (_, index) =>
    stepReport({
      step_index: index,
      step_name: `s${index}`,
      status: status(index),
      end_time: index === 300 ? undefined : minutesAgo(1),
    }),
  );
  await reportSteps(world.system, { steps }, id);
  await completeRun(world.system, { status: 'FAILED' }, id);
  const run = await readRun(owner, id);
  const walk = async () => {
    const pages = [];
    for (let after: string | undefined; ; ) {
      const { steps: page } = await readParts(owner, run, { stepsAfter: after });
      pages.push(page.rows);
      if (!page.nextCursor) return pages;
      after = page.nextCursor;
    }
  };
  const pages = await walk();
  expect(pages.map(page => page.length)).toEqual([200, 200, 50]);
  expect(pages[0]?.slice(0, 3).map(step => step.step_name)).toEqual(['s449', 's300', 's0']);
  expect(new Set(pages.flat().map(step => step.step_logging_id)).size).toBe(450);
  await mirrorRuns(world);
  clearQueryCache();
  expect(await walk()).toEqual(pages);
});

test('long JSON stays out of a list, and how long it is is told', async () => {
  const owner = world.as('OWNER');
  const id = await start(world);
  const metadata = { text: 'x'.repeat(25_000) };
  await reportSteps(
    world.system,
    { steps: [stepReport({ metadata }), stepReport({ step_index: 1, metadata: { a: 1 } })] },
    id,
  );
  const shown = async () =>
    (await readParts(owner, await readRun(owner, id))).steps.rows.map(step => [step.metadata, step.metadata_left_out]);
  const expected = [
    [null, true],
    [{ a: 1 }, false],
  ];
  expect(await shown()).toEqual(expected);
  await completeRun(world.system, { status: 'COMPLETED' }, id);
  await mirrorRuns(world);
  clearQueryCache();
  expect(await shown()).toEqual(expected);
});

test('ids that an orchestrator gives each run anew are no change between two observed runs', async () => {
  const of = await createWorld();
  const startTime = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const past = [9, 5].map(minutes => ({
    pipelineId: 'build',
    status: 'COMPLETED' as const,
    startTime: startTime(minutes),
    durationMs: 1_000,
  }));
  const [first, second] = await insertPastRuns(of, past);
  for (const [index, run] of [first, second].entries())
    await db()
      .update(runs)
      .set({ origin: 'observed', parameters: { run_id: newUuid(), dbt: { id: newUuid(), version: `1.${index}` } } })
      .where(eq(runs.pipelineLoggingId, run?.pipelineLoggingId ?? ''));
  const owner = of.as('OWNER');
  const { changes } = await readComparison(owner, await readRun(owner, second?.pipelineLoggingId ?? ''), 'last-good');
  expect(changes.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(['parameter dbt.version']);
});

test('a step’s parent and statement are told however long its metadata is, alike from both stores', async () => {
  const owner = world.as('OWNER');
  const id = await start(world);
  const parent = { run_id: newUuid(), namespace: 'shop', name: 'model.shop.orders' };
  const told = { run_id: newUuid(), parent, sql: 'select 1', inputs: 'x'.repeat(25_000) };
  const odd = { run_id: 7, parent: 'p', sql: { a: 1 } };
  const steps = [told, odd, undefined].map((metadata, step_index) => stepReport({ step_index, metadata }));
  await reportSteps(world.system, { steps }, id);
  const shown = async () =>
    (await readParts(owner, await readRun(owner, id))).steps.rows.map(step => [
      step.job_run_id,
      step.parent_run_id,
      step.parent_name,
      step.statement,
    ]);
  const fromPostgres = await shown();
  expect(fromPostgres[0]).toEqual([told.run_id, parent.run_id, parent.name, 'select 1']);
  expect(fromPostgres[1]?.slice(1)).toEqual([null, null, null]);
  expect(fromPostgres[2]).toEqual([null, null, null, null]);
  await completeRun(world.system, { status: 'COMPLETED' }, id);
  await mirrorRuns(world);
  clearQueryCache();
  expect(await shown()).toEqual(fromPostgres);
});

test('a foreign run, an unknown one and no id at all are not found', async () => {
  const stranger = await createWorld();
  for (const id of [ids.bad, newUuid(), 'x', `${ids.bad}'`, ''])
    await expect(readRun(stranger.as('OWNER'), id)).rejects.toMatchObject({ code: 'not_found' });
});
