import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { runInput } from '@/dev/testing/quota';
import { createWorld, type World } from '@/dev/testing/world';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { maxPendingRuns } from '@/lib/domains/runs/rules';
import { cancelRuns, runAgain } from '@/lib/domains/runs/start/commands';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { runs } from '@/lib/domains/runs/tables';
import { auditLog, outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const stored = async (runId: string) => {
  const [run] = await db().select().from(runs).where(eq(runs.pipelineLoggingId, runId));
  if (!run) throw new Error('there is no such run');
  return run;
};

/** A run of the customer that has failed. */
async function failedRun(world: World) {
  const { run } = await startRun(world.system, {
    ...runInput(),
    parameters: { date: '2025-11-15', big: 1 },
    config_version: 'abc1234',
    lease_seconds: 60,
  });
  const failed = { status: 'FAILED', error_message: 'boom' };
  return (await completeRun(world.system, failed, run.pipelineLoggingId)).run;
}

const again = (world: World, ids: string[], key = newUuid(), role: 'OWNER' | 'COLLABORATOR' = 'OWNER') =>
  runAgain(world.as(role), { pipeline_logging_ids: ids, idempotency_key: key });
const cancel = (world: World, ids: string[]) => cancelRuns(world.as('OWNER'), { pipeline_logging_ids: ids });
const told = (runId: string) => db().select({ mirror: outbox.mirror }).from(outbox).where(eq(outbox.key, runId));

test('a run asked for again waits as a new one, as the person asked for it, and takes no quota yet', async () => {
  const world = await createWorld();
  const source = await failedRun(world);
  const { result } = await again(world, [source.pipelineLoggingId], newUuid(), 'COLLABORATOR');
  const [answer] = result.runs;
  expect(answer).toMatchObject({ pipeline_logging_id: source.pipelineLoggingId, outcome: 'queued' });
  const made = await stored(answer?.new_pipeline_logging_id ?? '');
  const { email } = world.members.COLLABORATOR;
  expect(made).toMatchObject({
    status: 'PENDING',
    triggerType: 'retry',
    triggerBy: email,
    startedBy: email,
    origin: 'portal',
    apiKeyId: null,
    rerunOf: source.pipelineLoggingId,
    pipelineId: source.pipelineId,
    parameters: source.parameters,
    configVersion: 'abc1234',
    leaseSeconds: 60,
    runDay: null,
    quotaCharge: 0,
    leaseExpiresAt: null,
  });
  expect(made.startTime).toEqual(made.createdAt);
  expect(Number(made.pendingExpiresAt) - Number(made.createdAt)).toBe(24 * 3_600_000);
  const mirrors = (await told(made.pipelineLoggingId)).map(row => row.mirror);
  expect(mirrors.sort()).toEqual(['tenant.pipeline_runs', 'tenant.run_details']);
  const audit = await db().select().from(auditLog).where(eq(auditLog.targetId, made.pipelineLoggingId));
  expect(audit).toMatchObject([{ action: 'run.again', targetType: 'run' }]);
});

test('a double click makes one run; another click makes another', async () => {
  const world = await createWorld();
  const { pipelineLoggingId: id } = await failedRun(world);
  const key = newUuid();
  const answers = await Promise.all([again(world, [id], key), again(world, [id], key)]);
  const made = answers.map(({ result }) => result.runs[0]?.new_pipeline_logging_id);
  expect(made[0]).toBe(made[1]);
  expect(answers.map(({ result }) => result.runs[0]?.outcome).sort()).toEqual(['queued', 'repeated']);
  const { result } = await again(world, [id]);
  expect(result.runs[0]?.new_pipeline_logging_id).not.toBe(made[0]);
  const pending = await db().select().from(runs).where(eq(runs.rerunOf, id));
  expect(pending).toHaveLength(2);
});

test('of several runs each is answered on its own, and one of nobody’s is not found', async () => {
  const [world, other] = await Promise.all([createWorld(), createWorld()]);
  const [failed, foreign] = await Promise.all([failedRun(world), failedRun(other)]);
  const { run: running } = await startRun(world.system, runInput());
  const ids = [failed, running, foreign].map(run => run.pipelineLoggingId);
  const { result } = await again(world, ids);
  expect(result.runs.map(run => run.outcome)).toEqual(['queued', 'not_ended', 'not_found']);
  const cancelled = await cancel(world, ids);
  expect(cancelled.result.runs).toEqual([
    { pipeline_logging_id: ids[0], outcome: 'ended', status: 'FAILED' },
    { pipeline_logging_id: ids[1], outcome: 'requested', status: 'RUNNING' },
    { pipeline_logging_id: ids[2], outcome: 'not_found', status: null },
  ]);
  expect((await stored(foreign.pipelineLoggingId)).cancelRequestedAt).toBeNull();
  await expect(again(world, [foreign.pipelineLoggingId])).rejects.toMatchObject({ code: 'not_found' });
  await expect(cancel(world, [foreign.pipelineLoggingId])).rejects.toMatchObject({ code: 'not_found' });
});

test('a waiting run is cancelled at once, a running one is asked to end; asked again nothing changes', async () => {
  const world = await createWorld();
  const { pipelineLoggingId: id } = await failedRun(world);
  const { run: running } = await startRun(world.system, runInput());
  const { result } = await again(world, [id]);
  const waitingId = result.runs[0]?.new_pipeline_logging_id ?? '';
  const both = [waitingId, running.pipelineLoggingId];
  expect((await cancel(world, both)).result.runs.map(run => run.outcome)).toEqual(['cancelled', 'requested']);
  const { email } = world.members.OWNER;
  const [waiting, asked] = await Promise.all(both.map(stored));
  expect(waiting).toMatchObject({
    status: 'CANCELLED',
    errorMessage: `by ${email} before it started`,
    cancelRequestedBy: email,
    durationMs: null,
    quotaCharge: 0,
  });
  expect(asked).toMatchObject({ status: 'RUNNING', endTime: null, cancelRequestedBy: email });
  expect((await cancel(world, both)).result.runs.map(run => run.outcome)).toEqual(['cancelled', 'requested']);
  expect(await Promise.all(both.map(stored))).toEqual([waiting, asked]);
  const audit = await db().select().from(auditLog).where(eq(auditLog.customerId, world.customerId));
  expect(audit.filter(row => row.action === 'run.cancel')).toHaveLength(1);
});

test('a customer has at most 500 runs that wait, and a suspended one adds none', async () => {
  const world = await createWorld();
  const source = await failedRun(world);
  const now = new Date();
  const waiting = Array.from({ length: maxPendingRuns - 1 }, () => ({
    ...source,
    pipelineLoggingId: newUuid(),
    status: 'PENDING' as const,
    runDay: null,
    leaseExpiresAt: null,
    createdAt: now,
    startTime: now,
    endTime: null,
    pendingExpiresAt: new Date(now.getTime() + 3_600_000),
  }));
  await db().insert(runs).values(waiting);
  const second = await failedRun(world);
  const { result } = await again(world, [source.pipelineLoggingId, second.pipelineLoggingId]);
  expect(result.runs.map(run => run.outcome)).toEqual(['queued', 'too_many_pending']);
  await applyLimits(db(), world.customerId, { refusalReason: 'customer_suspended' });
  await expect(again(world, [source.pipelineLoggingId])).rejects.toMatchObject({ code: 'customer_suspended' });
});

test('viewers neither cancel runs nor have them run again, and 51 at once are too many', async () => {
  const world = await createWorld();
  const { pipelineLoggingId: id } = await failedRun(world);
  const viewer = world.as('VIEWER');
  await expect(cancelRuns(viewer, { pipeline_logging_ids: [id] })).rejects.toMatchObject({ code: 'forbidden' });
  const input = { pipeline_logging_ids: [id], idempotency_key: 'k' };
  await expect(runAgain(viewer, input)).rejects.toMatchObject({ code: 'forbidden' });
  const many = Array.from({ length: 51 }, () => newUuid());
  for (const ids of [[], many, [id, id], ['nonsense']]) {
    await expect(cancel(world, ids), String(ids.length)).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(again(world, ids), String(ids.length)).rejects.toMatchObject({ code: 'invalid_input' });
  }
});
