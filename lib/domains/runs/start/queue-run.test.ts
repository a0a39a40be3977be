import { eq, inArray } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertPendingRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { claimRun } from '@/lib/domains/runs/start/claim';
import {
  cancelWaitingRuns,
  derivedRunId,
  queueRun,
  roomToWait,
  type WaitingRun,
} from '@/lib/domains/runs/start/queue-run';
import { runs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';
import { newId, newUuid } from '@/lib/platform/ids';

const waiting = (world: World, at: Date, change: Partial<WaitingRun> = {}): WaitingRun => ({
  runId: newUuid(),
  at,
  customerId: world.customerId,
  pipelineId: 'gcp_cost',
  triggerType: 'scheduler',
  triggerBy: 'schedule 0 2 * * * UTC',
  startedBy: 'schedule',
  origin: 'schedule',
  ...change,
});

test('a run in line is given up after RUN_PENDING_HOURS, or earlier where its asker says so', async () => {
  const world = await createWorld();
  const at = new Date();
  const later = (hours: number) => new Date(at.getTime() + hours * 3_600_000);
  const made = await db().transaction(async tx => [
    await queueRun(tx, waiting(world, at)),
    await queueRun(tx, waiting(world, at, { until: later(1) })),
    await queueRun(tx, waiting(world, at, { until: later(800) })),
  ]);
  expect(made.map(run => run?.pendingExpiresAt)).toEqual([later(24), later(1), later(24)]);
});

test('the same id again makes no second run', async () => {
  const world = await createWorld();
  const runId = derivedRunId('config', newId('cfg'), '2026-01-01T02:00:00.000Z');
  const both = await Promise.all(
    [1, 2].map(() => db().transaction(tx => queueRun(tx, waiting(world, new Date(), { runId })))),
  );
  expect(both.filter(run => run !== null)).toHaveLength(1);
});

test('the room to wait is what the customer’s own waiting runs leave', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  await insertPendingRuns(world, 3);
  const room = await db().transaction(tx => roomToWait(tx, [world.customerId, other.customerId]));
  expect([room.get(world.customerId), room.get(other.customerId)]).toEqual([497, 500]);
});

test('a config’s waiting runs are given up; one that is being claimed, one that runs and those of others go on', async () => {
  const world = await createWorld();
  const [configId, otherId] = [newId('cfg'), newId('cfg')];
  const [started, waits, claimed] = await insertPendingRuns(world, 3, { configId });
  const [other] = await insertPendingRuns(world, 1, { configId: otherId });
  await claimRun(world.system, {});
  const told = await db().transaction(async holder => {
    await holder
      .select()
      .from(runs)
      .where(eq(runs.pipelineLoggingId, String(claimed?.pipelineLoggingId)))
      .for('update');
    return db().transaction(tx => cancelWaitingRuns(tx, world.as('OWNER'), configId));
  });
  expect(told.map(ref => [ref.mirror, ref.key])).toEqual([
    ['tenant.pipeline_runs', waits?.pipelineLoggingId],
    ['tenant.run_details', waits?.pipelineLoggingId],
  ]);
  const all = await db()
    .select()
    .from(runs)
    .where(inArray(runs.configId, [configId, otherId]));
  const statusOf = (run: typeof started) => all.find(row => row.pipelineLoggingId === run?.pipelineLoggingId)?.status;
  expect([started, waits, claimed, other].map(statusOf)).toEqual(['RUNNING', 'CANCELLED', 'PENDING', 'PENDING']);
  const cancelled = all.find(row => row.status === 'CANCELLED');
  expect(cancelled?.errorMessage).toBe(`by ${world.members.OWNER.email} before it started`);
});

test('runs of a config of another customer are not touched', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const configId = newId('cfg');
  const [foreign] = await insertPendingRuns(other, 1, { configId });
  expect(await db().transaction(tx => cancelWaitingRuns(tx, world.as('OWNER'), configId))).toEqual([]);
  const [still] = await db()
    .select()
    .from(runs)
    .where(eq(runs.pipelineLoggingId, String(foreign?.pipelineLoggingId)));
  expect(still?.status).toBe('PENDING');
});
