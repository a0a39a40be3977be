import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { runInput, usageRow } from '@/dev/testing/quota';
import { createWorld } from '@/dev/testing/world';
import { applyLimits, storedCounter } from '@/lib/domains/quotas/counters';
import { readQuota } from '@/lib/domains/quotas/read-quota';
import { reconcileCounters } from '@/lib/domains/quotas/reconcile';
import { errorFingerprint, errorPattern } from '@/lib/domains/runs/rules';
import { completeBatch, completeRun, heartbeat } from '@/lib/domains/runs/start/lease';
import { reapOverdueLeases } from '@/lib/domains/runs/start/reaper';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { type Run, runs } from '@/lib/domains/runs/tables';
import { db, pool } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'ok',
    error => (error instanceof AppError ? error.code : error),
  );
const storedRun = async (id: string): Promise<Run | undefined> =>
  (await db().select().from(runs).where(eq(runs.pipelineLoggingId, id)))[0];
const expireLease = (id: string) =>
  db()
    .update(runs)
    .set({ leaseExpiresAt: new Date(Date.now() - 1_000) })
    .where(eq(runs.pipelineLoggingId, id));

test('completing frees the slot once and counts the outcome on the day', async () => {
  const { customerId, system } = await createWorld();
  const outcomes = [
    { status: 'COMPLETED' },
    { status: 'FAILED', error_message: 'boom' },
    { status: 'CANCELLED', error_message: 'not needed' },
  ];
  for (const outcome of outcomes) {
    const { run } = await startRun(system, runInput());
    const ended = await completeRun(system, outcome, run.pipelineLoggingId);
    expect(ended.run).toMatchObject({ status: outcome.status, errorMessage: outcome.error_message ?? null });
    expect(ended.run).toEqual(await storedRun(run.pipelineLoggingId));
    expect(ended.run.durationMs).toBe((ended.run.endTime?.getTime() ?? 0) - ended.run.startTime.getTime());
    expect(ended.quota.running).toBe(0);
  }
  expect(await usageRow(customerId)).toMatchObject({
    runs: 3,
    succeeded: 1,
    failed: 1,
    cancelled: 1,
    running: 0,
    maxRunning: 1,
  });
});

test('100 completions of one run at once end it once and all answer alike', async () => {
  const { customerId, system } = await createWorld();
  const { run } = await startRun(system, runInput());
  await startRun(system, runInput());
  const ended = await Promise.all(
    Array.from({ length: 100 }, () => completeRun(system, { status: 'COMPLETED' }, run.pipelineLoggingId)),
  );
  for (const { run: answer } of ended) expect(answer).toEqual(ended[0]?.run);
  expect(await usageRow(customerId)).toMatchObject({ runs: 2, succeeded: 1, running: 1 });
});

test('a run that ended cannot end differently, nor be extended', async () => {
  const { system } = await createWorld();
  const { run } = await startRun(system, runInput());
  await completeRun(system, { status: 'COMPLETED' }, run.pipelineLoggingId);
  expect(await codeOf(completeRun(system, { status: 'FAILED' }, run.pipelineLoggingId))).toBe('run_finished');
  expect(await codeOf(heartbeat(system, {}, run.pipelineLoggingId))).toBe('run_finished');
});

test('another customer’s run is not found, and stays as it is', async () => {
  const [owner, stranger] = await Promise.all([createWorld(), createWorld()]);
  const { run } = await startRun(owner.system, runInput());
  const id = run.pipelineLoggingId;
  expect(await codeOf(completeRun(stranger.system, { status: 'COMPLETED' }, id))).toBe('not_found');
  expect(await codeOf(heartbeat(stranger.system, {}, id))).toBe('not_found');
  expect(await storedRun(id)).toMatchObject({ status: 'RUNNING' });
});

test('a viewer may neither extend nor end a run; a completed run takes no error message', async () => {
  const world = await createWorld();
  const { run } = await startRun(world.system, runInput());
  const id = run.pipelineLoggingId;
  expect(await codeOf(completeRun(world.as('VIEWER'), { status: 'COMPLETED' }, id))).toBe('forbidden');
  expect(await codeOf(heartbeat(world.as('VIEWER'), {}, id))).toBe('forbidden');
  expect(await codeOf(completeRun(world.system, { status: 'COMPLETED', error_message: 'x' }, id))).toBe(
    'invalid_input',
  );
});

test('a heartbeat extends the lease by its length, or by a new one', async () => {
  const { system } = await createWorld();
  const { run } = await startRun(system, { ...runInput(), lease_seconds: 60 });
  expect(run.leaseExpiresAt).toEqual(new Date(run.startTime.getTime() + 60_000));
  await expireLease(run.pipelineLoggingId);
  const extended = await heartbeat(system, {}, run.pipelineLoggingId);
  expect(Math.abs(Number(extended.leaseExpiresAt) - Date.now() - 60_000)).toBeLessThan(5_000);
  const longer = await heartbeat(system, { lease_seconds: 3_600 }, run.pipelineLoggingId);
  expect(Math.abs(Number(longer.leaseExpiresAt) - Date.now() - 3_600_000)).toBeLessThan(5_000);
});

test('the reaper fails a run whose lease is over; its late complete is refused and changes nothing', async () => {
  const { customerId, system } = await createWorld();
  const { run } = await startRun(system, runInput());
  await expireLease(run.pipelineLoggingId);
  while ((await reapOverdueLeases()) > 0);
  const reaped = await storedRun(run.pipelineLoggingId);
  expect(reaped).toMatchObject({ status: 'FAILED', leaseExpired: true });
  expect(reaped?.errorMessage).toMatch(/^lease expired at \d{4}-/);
  const pattern = errorPattern(reaped?.errorMessage ?? null);
  expect(reaped).toMatchObject({ errorPattern: pattern, errorFingerprint: errorFingerprint(pattern) });
  expect(await codeOf(completeRun(system, { status: 'COMPLETED' }, run.pipelineLoggingId))).toBe('lease_expired');
  expect(await codeOf(completeRun(system, { status: 'FAILED' }, run.pipelineLoggingId))).toBe('lease_expired');
  expect(await codeOf(heartbeat(system, {}, run.pipelineLoggingId))).toBe('lease_expired');
  expect(await storedRun(run.pipelineLoggingId)).toEqual(reaped);
  expect(await usageRow(customerId)).toMatchObject({ runs: 1, failed: 1, succeeded: 0, running: 0 });
});

test('at full concurrency a start first takes the slots of overdue leases, without waiting for the reaper', async () => {
  const { customerId, system } = await createWorld();
  const first = await startRun(system, runInput());
  await startRun(system, runInput());
  await startRun(system, runInput());
  expect(await codeOf(startRun(system, runInput()))).toBe('concurrency_exceeded');
  await expireLease(first.run.pipelineLoggingId);
  const { quota } = await startRun(system, runInput());
  expect(quota).toMatchObject({ running: 3, runsToday: 4 });
  expect(await usageRow(customerId)).toMatchObject({ runs: 4, failed: 1, running: 3, maxRunning: 3 });
});

test('of a complete and a reaper at the same moment exactly one ends the run and frees one slot', async () => {
  const { customerId, system } = await createWorld();
  await applyLimits(db(), customerId, { dailyLimit: 100, concurrentLimit: 100 });
  const started = await Promise.all(Array.from({ length: 40 }, () => startRun(system, runInput())));
  await Promise.all(started.map(({ run }) => expireLease(run.pipelineLoggingId)));
  const [codes] = await Promise.all([
    Promise.all(started.map(({ run }) => codeOf(completeRun(system, { status: 'COMPLETED' }, run.pipelineLoggingId)))),
    reapOverdueLeases(),
  ]);
  const completed = codes.filter(code => code === 'ok').length;
  expect(codes.filter(code => code === 'lease_expired')).toHaveLength(40 - completed);
  expect(await usageRow(customerId)).toMatchObject({
    runs: 40,
    succeeded: completed,
    failed: 40 - completed,
    running: 0,
  });
  expect((await storedCounter(db(), customerId))?.running).toBe(0);
});

test('a batch with an unknown customer and unknown runs answers each on its own', async () => {
  const { customerId, system } = await createWorld();
  const { run } = await startRun(system, runInput());
  const end = { status: 'COMPLETED', error_message: null } as const;
  const answers = await completeBatch(pool(), [
    { customer_id: 'cus_nobody', run_id: run.pipelineLoggingId, ...end },
    { customer_id: customerId, run_id: run.pipelineLoggingId, ...end },
    { customer_id: customerId, run_id: crypto.randomUUID(), ...end },
  ]);
  expect(answers.map(answer => answer.outcome)).toEqual(['not_found', 'completed', 'not_found']);
  expect((await readQuota(system)).running).toBe(0);
});

test('1,200 runs lost by one customer are ended in steps, each counted once, and all slots are free', async () => {
  const { customerId, system } = await createWorld();
  await applyLimits(db(), customerId, { dailyLimit: 10_000, concurrentLimit: 1_200 });
  await Promise.all(Array.from({ length: 1_200 }, () => startRun(system, runInput())));
  await db()
    .update(runs)
    .set({ leaseExpiresAt: new Date(Date.now() - 1_000) })
    .where(eq(runs.customerId, customerId));
  const { quota } = await startRun(system, runInput());
  expect(quota).toMatchObject({ running: 1_200 - 500 + 1, runsToday: 1_201 });
  while ((await reapOverdueLeases()) > 0);
  expect(await usageRow(customerId)).toMatchObject({ runs: 1_201, failed: 1_200, running: 1, maxRunning: 1_200 });
  expect((await reconcileCounters({ repair: false, customerId })).differences).toEqual([]);
});
