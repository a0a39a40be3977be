/** Runs that a worker reserved, and whose orchestrator reports of them under the same id. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { story } from '@/dev/testing/lineage/story';
import { applyAll, tell, toldRun } from '@/dev/testing/lineage/told-runs';
import { runInput, stepReport, usageRow } from '@/dev/testing/quota';
import { insertPendingRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { listLateEvents } from '@/lib/domains/lineage/late/list-late-events';
import { reconcileCounters } from '@/lib/domains/quotas/reconcile';
import { reportSteps } from '@/lib/domains/runs/reports/report';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { runs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';

const begin = async (world: World) => (await startRun(world.system, runInput())).run.pipelineLoggingId;
const now = () => new Date(Date.now() - 1_000);

test('its own end frees the slot once and counts it on its day; its children are its steps', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const { run, step } = story(now());
  const [job, load] = [run({ runId }), step(run({ runId }), { name: 'daily.load' })];
  const events = [
    job.event('START', 0),
    load.event('START', 0.1),
    load.event('COMPLETE', 0.2),
    job.event('COMPLETE', 0.3),
  ];
  await tell(world, [...events, ...events]);
  await tell(world, events);
  const told = await toldRun(world);
  expect(told.run).toMatchObject({
    origin: 'api',
    status: 'COMPLETED',
    pipelineId: 'daily_costs',
    jobName: 'daily',
    stepCount: 1,
  });
  expect(await usageRow(world.customerId)).toMatchObject({ runs: 1, succeeded: 1, running: 0 });
  expect((await reconcileCounters({ customerId: world.customerId, repair: false })).differences).toEqual([]);
});

test('its own START and RUNNING extend the lease; a child’s do not', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const short = new Date(Date.now() + 5_000);
  const shorten = () => db().update(runs).set({ leaseExpiresAt: short }).where(eq(runs.pipelineLoggingId, runId));
  const lease = async () => (await toldRun(world)).run.leaseExpiresAt;
  const { run, step } = story(now());
  await shorten();
  await tell(world, [step(run({ runId }), { name: 'load' }).event('RUNNING', 0.1)]);
  expect(await lease()).toEqual(short);
  await tell(world, [run({ runId }).event('RUNNING', 0.2)]);
  expect((await lease())?.getTime()).toBeGreaterThan(Date.now() + 600_000);
});

test('a failure says why, and an end that comes later changes nothing', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const job = story(now()).run({ runId });
  await tell(world, [job.event('FAIL', 0.2, { facets: { errorMessage: { message: 'boom' } } })]);
  expect((await toldRun(world)).run).toMatchObject({ status: 'FAILED', errorMessage: 'boom', errorPattern: 'boom' });
  await tell(world, [job.event('COMPLETE', 0.4)]);
  expect((await toldRun(world)).run.status).toBe('FAILED');
  expect(await usageRow(world.customerId)).toMatchObject({ failed: 1, succeeded: 0, running: 0 });
});

test('a part that shares the run’s id does not end it; where nothing else comes it does after a minute', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const { run } = story(now());
  const asset = run({ runId, name: 'orders' });
  const outputs = [{ namespace: 'n', name: 'orders' }];
  await tell(world, [asset.event('COMPLETE', 0.1, { outputs })]);
  expect((await toldRun(world)).run.status).toBe('RUNNING');
  await applyAll(world, new Date(Date.now() + 61_000));
  expect((await toldRun(world)).run.status).toBe('COMPLETED');
});

test('steps that the worker reports itself keep their places beside the orchestrator’s', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  await reportSteps(world.system, { steps: [stepReport({ step_index: 7, rows_processed: 10 })] }, runId);
  const { run, step } = story(now());
  const rows = [{ namespace: 'n', name: 't', outputFacets: { outputStatistics: { rowCount: 5 } } }];
  const load = step(run({ runId }), { name: 'load' });
  await tell(world, [load.event('START', 0.1), load.event('COMPLETE', 0.2, { outputs: rows })]);
  const { run: stored, steps } = await toldRun(world);
  expect(stored).toMatchObject({ stepCount: 2, rowsProcessed: 15, status: 'RUNNING' });
  expect(steps.map(({ stepName, stepIndex }) => [stepName, stepIndex])).toEqual([
    ['load', 0],
    ['load_costs', 7],
  ]);
});

test('events of a run that waits for its worker are kept as late, with the reason', async () => {
  const world = await createWorld();
  const [waiting] = await insertPendingRuns(world, 1);
  const runId = waiting?.pipelineLoggingId ?? '';
  await tell(world, [story(now()).run({ runId }).event('START', 0)]);
  expect((await toldRun(world)).run).toMatchObject({ status: 'PENDING', lateEvents: 1 });
  const { events } = await listLateEvents(world.as('VIEWER'), {}, runId);
  expect(events).toMatchObject([
    { eventType: 'START', jobName: 'daily', reason: expect.stringContaining('waits for its worker') },
  ]);
});
