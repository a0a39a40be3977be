import { beforeAll, expect, test } from 'vitest';
import { seededRandom } from '@/dev/seed/random';
import { runInput } from '@/dev/testing/quota';
import { insertPastRuns, mirrorRuns, type PastRun } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { jobHashOf } from '@/lib/domains/lineage/apply/pipeline-of';
import { lineagePipelines } from '@/lib/domains/lineage/tables';
import { type Pipeline, pipelineDays, readJobs, readPipelines } from '@/lib/domains/runs/reads/pipelines';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import type { Run } from '@/lib/domains/runs/tables';
import { requireCustomer } from '@/lib/kernel/ctx';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

let world: World;
let stranger: World;
let stored: Run[];
/** What the orchestrator of p1 calls it. */
const job = { namespace: 'shop', name: 'p 1' };
const today = utcDay(new Date());
const at = (daysAgo: number, minute: number) =>
  new Date(Date.parse(`${addDays(today, -daysAgo)}T00:00:00Z`) + minute * 60_000);

/** 240 runs of four pipelines over 33 days, some of them older than the list; durations occur twice. */
function madeUp(): PastRun[] {
  const random = seededRandom(41);
  const runs = Array.from({ length: 240 }, (_, index): PastRun => {
    const status = random.chance(0.8) ? 'COMPLETED' : random.pick(['FAILED', 'CANCELLED'] as const);
    return {
      pipelineId: `p${index % 4}`,
      status,
      startTime: at(random.between(1, 33), index),
      durationMs: random.between(1, 40) * 1_000,
      errorMessage: status === 'COMPLETED' ? undefined : 'boom',
    };
  });
  const broken = { pipelineId: 'never_good', status: 'FAILED', durationMs: 5, errorMessage: 'boom' } as const;
  return [...runs, { ...broken, startTime: at(2, 1) }, { ...broken, startTime: at(9, 1) }];
}

beforeAll(async () => {
  [world, stranger] = await Promise.all([createWorld(), createWorld()]);
  stored = await insertPastRuns(world, madeUp());
  await insertPastRuns(stranger, [
    { pipelineId: 'p0', status: 'FAILED', startTime: at(1, 1), durationMs: 1, errorMessage: 'x' },
  ]);
  for (const { customerId } of [world, stranger])
    await db()
      .insert(lineagePipelines)
      .values({
        customerId,
        jobHash: jobHashOf(job),
        ...job,
        pipelineId: customerId === world.customerId ? 'p1' : 'p2',
      });
  await mirrorRuns(world, stranger);
}, 120_000);

/** The smallest duration that at least `percent` of 100 kept to. */
function percentile(durations: (number | null)[], percent: number): number | null {
  const sorted = durations.map(Number).sort((a, b) => a - b);
  return sorted.find((_, index) => (index + 1) * 100 >= percent * sorted.length) ?? null;
}

/** The same figures from the rows in Postgres. */
function expected(pipelineId: string): Omit<Pipeline, 'running' | 'pending'> {
  const own = stored
    .filter(run => run.pipelineId === pipelineId && utcDay(run.startTime) > addDays(today, -pipelineDays))
    .sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  const of = (status: Run['status'], fromDay = '') =>
    own.filter(run => run.status === status && utcDay(run.startTime) >= fromDay);
  const last = own.at(-1);
  const durationsOn = (day: string) =>
    of('COMPLETED').flatMap(run => (utcDay(run.startTime) === day ? [run.durationMs] : []));
  return {
    pipelineId,
    job: pipelineId === 'p1' ? job : null,
    last: last
      ? { runId: last.pipelineLoggingId, status: last.status as 'COMPLETED', startTime: last.startTime }
      : null,
    succeeded: of('COMPLETED').length,
    failed: of('FAILED').length,
    cancelled: of('CANCELLED').length,
    failed7Days: of('FAILED', addDays(today, -6)).length,
    p50Ms: percentile(
      of('COMPLETED').map(run => run.durationMs),
      50,
    ),
    p95Ms: percentile(
      of('COMPLETED').map(run => run.durationMs),
      95,
    ),
    dayP50Ms: Array.from({ length: pipelineDays }, (_, index) =>
      percentile(durationsOn(addDays(today, index - pipelineDays + 1)), 50),
    ),
  };
}

test('counts, last results, percentiles and daily medians equal those of the customer’s own runs', async () => {
  const { pipelines } = await readPipelines(world.as('VIEWER'));
  const names = ['never_good', 'p0', 'p1', 'p2', 'p3'];
  expect(pipelines).toEqual(names.map(name => ({ ...expected(name), running: 0, pending: 0 })));
  expect(pipelines.find(({ pipelineId }) => pipelineId === 'never_good')).toMatchObject({ p50Ms: null, failed: 2 });
  expect((await readPipelines(stranger.as('VIEWER'))).pipelines).toMatchObject([{ pipelineId: 'p0', failed: 1 }]);
});

test('a first run is there at once, while it runs and when it has ended', async () => {
  const fresh = await createWorld();
  expect((await readPipelines(fresh.system)).pipelines).toEqual([]);
  const { run } = await startRun(fresh.system, runInput());
  const { pipelineId, pipelineLoggingId: runId } = run;
  const seen = async () => (await readPipelines(fresh.system)).pipelines;
  expect(await seen()).toMatchObject([{ pipelineId, last: null, running: 1, p95Ms: null }]);
  await completeRun(fresh.system, { status: 'FAILED' }, runId);
  expect(await seen()).toMatchObject([{ pipelineId, last: { runId, status: 'FAILED' }, running: 0 }]);
});

test('of the customer’s jobs only those of the pipelines that are shown are read', async () => {
  const other = { namespace: 'shop', name: 'gone' };
  const { customerId } = world;
  await db()
    .insert(lineagePipelines)
    .values({ customerId, jobHash: jobHashOf(other), ...other, pipelineId: 'gone' });
  const customer = requireCustomer(world.as('VIEWER'));
  expect(await readJobs(customer, {}, ['p0', 'p1'])).toEqual(new Map([['p1', job]]));
  expect(await readJobs(customer, {}, [])).toEqual(new Map());
});
