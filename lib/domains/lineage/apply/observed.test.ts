/** Runs that only their orchestrator tells of. */
import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { story } from '@/dev/testing/lineage/story';
import { applyAll, queueEvents, tell, toldRun, toldRuns } from '@/dev/testing/lineage/told-runs';
import { usageRow } from '@/dev/testing/quota';
import { createWorld } from '@/dev/testing/world';
import { applyDueEvents } from '@/lib/domains/lineage/apply/apply-due';
import { hashedPipelineId } from '@/lib/domains/lineage/apply/pipeline-of';
import { endingAt, recordedEvents, sampleEvents, withNewIds } from '@/lib/domains/lineage/samples/samples';
import { lineageEvents } from '@/lib/domains/lineage/tables';
import { runFailures } from '@/lib/domains/notifications/tables';
import { storedCounter } from '@/lib/domains/quotas/counters';
import { reconcileCounters } from '@/lib/domains/quotas/reconcile';
import { requestCancel } from '@/lib/domains/runs/start/cancel';
import { cancelRuns, runAgain } from '@/lib/domains/runs/start/commands';
import { completeRun, heartbeat } from '@/lib/domains/runs/start/lease';
import { reapOverdueLeases } from '@/lib/domains/runs/start/reaper';
import { runs, stepLogs } from '@/lib/domains/runs/tables';
import { outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const hourMs = 3_600_000;
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'ok',
    error => error.code ?? error,
  );

test('a run is there as soon as one of its events is, and goes on until its own end', async () => {
  const [world, { run, step }] = [await createWorld(), story()];
  const dag = run();
  const load = step(dag, { name: 'daily.load' });
  await tell(world, [load.event('START', 1)]);
  expect((await toldRun(world)).run).toMatchObject({ status: 'RUNNING', pipelineId: 'daily', jobName: 'daily' });
  await tell(world, [load.event('COMPLETE', 5)]);
  expect((await toldRun(world)).run.status).toBe('RUNNING');
  await tell(world, [dag.event('START', 0), dag.event('COMPLETE', 9)]);
  const { run: ended, steps } = await toldRun(world);
  expect(ended).toMatchObject({ status: 'COMPLETED', durationMs: 9_000, pipelineLoggingId: dag.runId, stepCount: 1 });
  expect(steps).toMatchObject([{ stepName: 'daily.load', status: 'COMPLETED', durationMs: 4_000 }]);
});

test('an aborted run is cancelled, and an aborted step skipped', async () => {
  const [world, { run, step }] = [await createWorld(), story()];
  const dag = run();
  const load = step(dag, { name: 'load' });
  await tell(world, [dag.event('START', 0), load.event('START', 1), load.event('ABORT', 2), dag.event('ABORT', 3)]);
  const { run: ended, steps } = await toldRun(world);
  expect(ended).toMatchObject({ status: 'CANCELLED', errorMessage: 'by its orchestrator', errorPattern: null });
  expect(steps).toMatchObject([{ status: 'SKIPPED' }]);
});

test('a run that failed before we heard of it is told of like any other failure, once', async () => {
  const [world, { run }] = [await createWorld(), story()];
  const dag = run();
  const facets = { errorMessage: { message: 'Table orders was not found', programmingLanguage: 'python' } };
  await tell(world, [dag.event('START', 0), dag.event('FAIL', 2, { facets })]);
  expect((await toldRun(world)).run).toMatchObject({
    status: 'FAILED',
    errorMessage: 'Table orders was not found',
    errorPattern: 'Table orders was not found',
  });
  const failures = () => db().select().from(runFailures).where(eq(runFailures.customerId, world.customerId));
  expect(await failures()).toMatchObject([{ pipelineId: 'daily', pipelineLoggingId: dag.runId }]);
  await tell(world, [dag.event('FAIL', 2, { facets })]);
  expect(await failures()).toHaveLength(1);
});

test('a run that goes on after its failure and fails again in a later hour is told of once', async () => {
  const [world, { at, run, step }] = [await createWorld(), story(new Date(Date.now() - 3 * hourMs))];
  const dag = run();
  const [load, retry] = [step(dag, { name: 'load' }), step(dag, { name: 'load again' })];
  const later = (minutes: number) => new Date(Date.now() + minutes * 60_000);
  await tell(world, [load.event('START', 0), load.event('FAIL', 5)]);
  await applyAll(world, later(6));
  expect((await toldRun(world)).run).toMatchObject({ status: 'FAILED', endTime: at(5) });
  await tell(world, [retry.event('START', 7_200)], later(7));
  expect((await toldRun(world)).run.status).toBe('RUNNING');
  await tell(world, [retry.event('FAIL', 7_205)], later(8));
  await applyAll(world, later(14));
  expect((await toldRun(world)).run).toMatchObject({ status: 'FAILED', endTime: at(7_205) });
  expect(await db().$count(runFailures, eq(runFailures.customerId, world.customerId))).toBe(1);
});

test('nobody is told of failures of more than a day ago that are reported now', async () => {
  const world = await createWorld();
  for (const [hoursAgo, told] of [
    [25, 0],
    [23, 1],
  ] as const) {
    const dag = story(new Date(Date.now() - hoursAgo * hourMs)).run();
    await tell(world, [dag.event('START', 0), dag.event('FAIL', 2)]);
    expect(await db().$count(runFailures, eq(runFailures.customerId, world.customerId))).toBe(told);
  }
  expect((await toldRuns(world)).map(({ run }) => run.status)).toEqual(['FAILED', 'FAILED']);
});

test('an observed run takes no quota and no slot, and the count of quota stays right', async () => {
  const [world, { run }] = [await createWorld(), story()];
  const [ended, open] = [run(), run()];
  await tell(world, [ended.event('START', 0), ended.event('FAIL', 1), open.event('START', 0)]);
  expect(await usageRow(world.customerId)).toBeUndefined();
  expect(await storedCounter(db(), world.customerId)).toMatchObject({ running: 0, runsToday: 0 });
  const found = await reconcileCounters({ customerId: world.customerId, repair: false });
  expect(found.differences).toEqual([]);
});

test('nobody but its orchestrator extends, ends, cancels or repeats an observed run, and each is told why', async () => {
  const [world, { run }] = [await createWorld(), story()];
  const [dag, over] = [run(), run()];
  await tell(world, [dag.event('START', 0), over.event('START', 0), over.event('FAIL', 1)]);
  const id = dag.runId;
  expect(await codeOf(heartbeat(world.system, {}, id))).toBe('run_observed');
  expect(await codeOf(completeRun(world.system, { status: 'COMPLETED' }, id))).toBe('run_observed');
  expect(await codeOf(requestCancel(world.system, {}, id))).toBe('run_observed');
  const { result } = await cancelRuns(world.as('OWNER'), { pipeline_logging_ids: [id, over.runId] });
  expect(result.runs.map(({ outcome }) => outcome)).toEqual(['observed', 'ended']);
  const asked = { pipeline_logging_ids: [over.runId], idempotency_key: newUuid() };
  expect((await runAgain(world.as('OWNER'), asked)).result.runs.map(({ outcome }) => outcome)).toEqual(['observed']);
  await db()
    .update(runs)
    .set({ leaseExpiresAt: new Date(Date.now() - hourMs) })
    .where(eq(runs.pipelineLoggingId, id));
  await reapOverdueLeases();
  const [stored] = (await toldRuns(world)).filter(told => told.run.pipelineLoggingId === id);
  expect(stored?.run).toMatchObject({ status: 'RUNNING', cancelRequestedAt: null });
});

test('an event that tells nothing new writes nothing', async () => {
  const world = await createWorld();
  const events = sampleEvents('dbt-test', new Date(Date.now() - 60_000));
  await tell(world, events);
  const before = await toldRun(world);
  const refs = () => db().select({ id: outbox.id }).from(outbox).where(eq(outbox.customerId, world.customerId));
  const waiting = await refs();
  await tell(world, events);
  const after = await toldRun(world);
  expect({ ...after.run, leaseExpiresAt: null }).toEqual({ ...before.run, leaseExpiresAt: null });
  expect([after.steps, after.checks]).toEqual([before.steps, before.checks]);
  expect(await refs()).toEqual(waiting);
});

test('dbt’s events sent anew under other run ids are the same run, with the steps that it had', async () => {
  const world = await createWorld();
  const events = sampleEvents('dbt-build', new Date(Date.now() - 120_000));
  await tell(world, events);
  const before = await toldRun(world);
  const invocation = JSON.stringify(events).match(/"invocation_id":"([^"]+)"/)?.[1] ?? '';
  const anew = JSON.parse(
    JSON.stringify(endingAt(withNewIds(events), new Date(Date.now() - 10_000))).replaceAll(
      /"invocation_id":"[^"]+"/g,
      `"invocation_id":"${invocation}"`,
    ),
  );
  // The clients count their ids up with time.
  const highest = JSON.parse(JSON.stringify(anew).replaceAll(/"runId":"[\da-f]{8}/g, '"runId":"ffffffff'));
  await tell(world, highest);
  const after = await toldRun(world);
  expect(after.run).toMatchObject({ status: 'FAILED', endTime: before.run.endTime, stepCount: 5, checkCount: 1 });
  expect(after.steps.map(step => [step.stepLoggingId, step.status, step.endTime])).toEqual(
    before.steps.map(step => [step.stepLoggingId, step.status, step.endTime]),
  );
});

test('another customer’s run keeps its id, its row and its steps; who sends the same id has a run of its own', async () => {
  const [owner, stranger] = [await createWorld(), await createWorld()];
  const events = sampleEvents('dbt-run', new Date(Date.now() - 60_000));
  await tell(owner, events);
  const before = await toldRun(owner);
  await tell(
    stranger,
    events.map(event => ({ ...event, eventType: event.eventType === 'COMPLETE' ? 'FAIL' : 'START' })),
  );
  expect(await toldRun(owner)).toEqual(before);
  const own = await toldRun(stranger);
  expect(own.run.pipelineLoggingId).not.toBe(before.run.pipelineLoggingId);
  expect(own.run).toMatchObject({ status: 'FAILED', orchestratorRunId: before.run.pipelineLoggingId, stepCount: 3 });
  const ids = new Set(before.steps.map(({ stepLoggingId }) => stepLoggingId));
  expect(own.steps.filter(({ stepLoggingId }) => ids.has(stepLoggingId))).toEqual([]);
});

test('jobs of one name in two namespaces are two pipelines, and each keeps its own', async () => {
  const [world, { run }] = [await createWorld(), story()];
  const [one, two] = [
    run({ namespace: 'a', name: 'load/all orders' }),
    run({ namespace: 'b', name: 'load/all orders' }),
  ];
  await tell(world, [one.event('START', 0)]);
  await tell(world, [two.event('START', 1)]);
  await tell(world, [run({ namespace: 'a', name: 'load/all orders' }).event('START', 2)]);
  const hashed = hashedPipelineId({ namespace: 'b', name: 'load/all orders' });
  expect((await toldRuns(world)).map(({ run: { pipelineId } }) => pipelineId)).toEqual([
    'load_all_orders',
    hashed,
    'load_all_orders',
  ]);
  expect(hashed).toMatch(/^load_all_orders_[\da-f]{6}$/);
});

test('an event that cannot be applied is tried again and given up; the others of its run go on', async () => {
  const [world, { run, step }] = [await createWorld(), story()];
  const dag = run();
  const ids = await queueEvents(world, [dag.event('START', 0), step(dag, { name: 'load' }).event('START', 1)]);
  // No event that the door takes is like this; one that a fault of ours let through must not hold its run up.
  await db()
    .update(lineageEvents)
    .set({ event: { eventType: 'START' } })
    .where(eq(lineageEvents.eventId, ids[0] ?? 0));
  const states = async () =>
    (
      await db()
        .select()
        .from(lineageEvents)
        .where(eq(lineageEvents.customerId, world.customerId))
        .orderBy(lineageEvents.eventId)
    ).map(({ status }) => status);
  let now = Date.now();
  for (let round = 0; round < 8; round++, now += hourMs)
    await applyDueEvents({ customers: [world.customerId], clock: () => new Date(now) });
  expect(await states()).toEqual(['dead', 'applied']);
  expect((await toldRun(world)).steps).toHaveLength(1);
});

test('what is too large for one step is left out, the largest first, and named', async () => {
  const [world, { run, step }] = [await createWorld(), story()];
  const dag = run();
  const facets = { huge: { text: 'x'.repeat(300_000) }, small: { text: 'kept' } };
  await tell(world, [dag.event('START', 0), step(dag, { name: 'load' }).event('START', 1, { facets })]);
  const [stored] = await db()
    .select()
    .from(stepLogs)
    .where(and(eq(stepLogs.customerId, world.customerId)));
  expect(stored?.metadata).toMatchObject({ small: { text: 'kept' }, left_out: ['huge'] });
  expect(stored?.metadata).not.toHaveProperty('huge');
});

test('samples of a client keep their order of steps when they come in two halves', async () => {
  const world = await createWorld();
  const events = endingAt(withNewIds(recordedEvents('dbt-run')), new Date(Date.now() - 60_000));
  await tell(world, events.slice(2, 4));
  await tell(world, [...events.slice(0, 2), ...events.slice(4)]);
  const { steps } = await toldRun(world);
  expect(steps.map(step => [step.stepIndex, step.stepName.split('.').at(-1)])).toEqual([
    [0, 'stg_orders'],
    [1, 'customer_totals'],
    [2, 'report'],
  ]);
});
