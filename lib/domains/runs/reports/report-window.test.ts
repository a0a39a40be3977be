/** Nothing that was accepted is invisible: what a run's reads would not look for is refused, with its path. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { checkReport, runInput, stepReport } from '@/dev/testing/quota';
import { createWorld } from '@/dev/testing/world';
import { listRunChecks, listRunSteps } from '@/lib/domains/runs/reads/run-parts';
import { reportChecks, reportSteps } from '@/lib/domains/runs/reports/report';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { dqResults, runs, stepLogs } from '@/lib/domains/runs/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const dayMs = 86_400_000;

/** A world and a run of it; `startedAt` puts its start elsewhere, in Postgres only. */
async function begin(startedAt?: Date) {
  const world = await createWorld();
  const { run } = await startRun(world.system, runInput());
  const id = run.pipelineLoggingId;
  if (startedAt) await db().update(runs).set({ startTime: startedAt }).where(eq(runs.pipelineLoggingId, id));
  return { world, id, startDay: utcDay(startedAt ?? run.startTime) };
}
const at = (instant: string) => ({ start_time: instant, end_time: instant });
const problem = (path: string) => [
  { path, message: expect.stringMatching(/^It must be from \S+ to \S+ \(UTC\): the run started on \S+\.$/) },
];
const refusal = (path: string) => ({ code: 'invalid_input', fields: problem(path) });
const refused = (path: string) => ({ index: 1, status: 400, code: 'invalid_input', errors: problem(path) });

test('a step and a check of the day before the run’s UTC day are read with the run', async () => {
  const { world, id, startDay } = await begin();
  const eve = addDays(startDay, -1);
  const times = [`${eve}T00:00:00.000Z`, `${eve}T23:59:58.500Z`];
  const steps = times.map((time, index) => stepReport({ ...at(time), step_index: index, step_name: time }));
  expect(await reportSteps(world.system, { steps }, id)).toMatchObject({ stored: 2, failed: 0 });
  const checks = times.map(time => checkReport({ executed_at: time, target_table: time }));
  expect(await reportChecks(world.system, { dq_results: checks }, id)).toMatchObject({ stored: 2, failed: 0 });
  await flushOnce(relayDeps(), { customers: [world.customerId], lockWaitMs: 60_000 });
  const which = { pipelineLoggingId: id, startDay };
  expect((await listRunSteps(world.system, which)).rows.map(row => row.step_name)).toEqual(times);
  expect((await listRunChecks(world.system, which)).rows.map(row => row.target_table)).toEqual(times);
});

test('a time before that day is refused by its place in the report, and the others of the report are stored', async () => {
  const { world, id, startDay } = await begin();
  const before = `${addDays(startDay, -2)}T23:59:59.999Z`;
  const steps = [stepReport({}), stepReport(at(before)), stepReport({})];
  expect((await reportSteps(world.system, { steps }, id)).items[1]).toMatchObject(refused('start_time'));
  const checks = [checkReport({}), checkReport({ executed_at: before })];
  expect((await reportChecks(world.system, { dq_results: checks }, id)).items[1]).toMatchObject(refused('executed_at'));
  expect(await db().select().from(stepLogs).where(eq(stepLogs.pipelineLoggingId, id))).toHaveLength(2);
  expect(await db().select().from(dqResults).where(eq(dqResults.pipelineLoggingId, id))).toHaveLength(1);
});

test('a run of 31 days still takes its steps and checks; one of 32 is told why not', async () => {
  const now = new Date().toISOString();
  const [long, longer] = await Promise.all([31, 32].map(days => begin(new Date(Date.parse(now) - days * dayMs))));
  if (!long || !longer) throw new Error('no runs');
  const [steps, checks] = [[stepReport(at(now))], [checkReport({ executed_at: now })]];
  expect(await reportSteps(long.world.system, { steps }, long.id)).toMatchObject({ stored: 1, failed: 0 });
  expect(await reportChecks(long.world.system, { dq_results: checks }, long.id)).toMatchObject({
    stored: 1,
    failed: 0,
  });
  await expect(reportSteps(longer.world.system, steps[0], longer.id)).rejects.toMatchObject(refusal('start_time'));
  await expect(reportChecks(longer.world.system, checks[0], longer.id)).rejects.toMatchObject(refusal('executed_at'));
});
