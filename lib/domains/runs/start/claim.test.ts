import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { runInput, usageRow, withTestClock } from '@/dev/testing/quota';
import { insertPendingRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { readQuota } from '@/lib/domains/quotas/read-quota';
import { reconcileCounters } from '@/lib/domains/quotas/reconcile';
import { requestCancel } from '@/lib/domains/runs/start/cancel';
import { claimRun } from '@/lib/domains/runs/start/claim';
import { cancelRuns, runAgain } from '@/lib/domains/runs/start/commands';
import { completeRun, heartbeat } from '@/lib/domains/runs/start/lease';
import { expirePendingRuns, reapOverdueLeases } from '@/lib/domains/runs/start/reaper';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { Waiters, waiters } from '@/lib/domains/runs/start/waiters';
import { runs } from '@/lib/domains/runs/tables';
import { outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const stored = async (runId: string) => {
  const [run] = await db().select().from(runs).where(eq(runs.pipelineLoggingId, runId));
  if (!run) throw new Error('there is no such run');
  return run;
};
const open = async (dailyLimit = 1_000): Promise<World> => {
  const world = await createWorld();
  await applyLimits(db(), world.customerId, { dailyLimit, concurrentLimit: dailyLimit });
  return world;
};

test('the oldest waiting run is claimed first, starts now, takes quota and is told to both mirrors', async () => {
  const world = await open();
  const [first, second] = await insertPendingRuns(world, 2, { leaseSeconds: 60 });
  const input = { worker_instance: 'worker-1', lease_seconds: 120 };
  const claimed = await claimRun(world.system, input);
  expect(claimed?.run).toEqual(await stored(first?.pipelineLoggingId ?? ''));
  expect(claimed?.run).toMatchObject({
    status: 'RUNNING',
    workerInstance: 'worker-1',
    leaseSeconds: 120,
    quotaCharge: 1,
    runDay: claimed?.quota.day,
    createdAt: first?.createdAt,
  });
  const { run } = claimed ?? {};
  expect(Number(run?.startTime)).toBeGreaterThan(Number(first?.createdAt));
  expect(Number(run?.leaseExpiresAt) - Number(run?.startTime)).toBe(120_000);
  expect(claimed?.quota).toMatchObject({ runsToday: 1, running: 1 });
  expect(await usageRow(world.customerId)).toMatchObject({ runs: 1, running: 1 });
  const told = await db()
    .select()
    .from(outbox)
    .where(eq(outbox.key, first?.pipelineLoggingId ?? ''));
  expect(told.map(row => [row.mirror, row.partitionValue])).toEqual([
    ['tenant.pipeline_runs', first?.startTime.toISOString()],
    ['tenant.run_details', first?.createdAt.toISOString()],
    ['tenant.pipeline_runs', run?.startTime.toISOString()],
    ['tenant.run_details', first?.createdAt.toISOString()],
  ]);
  expect((await claimRun(world.system, {}))?.run).toMatchObject({
    pipelineLoggingId: second?.pipelineLoggingId,
    leaseSeconds: 60,
  });
  expect(await claimRun(world.system, {})).toBeNull();
});

test('only runs of the pipelines named are claimed, and only the caller’s own', async () => {
  const [world, other] = await Promise.all([open(), open()]);
  const [a] = await insertPendingRuns(world, 1, { pipelineId: 'a' });
  const [b] = await insertPendingRuns(world, 1, { pipelineId: 'b' });
  expect(await claimRun(other.system, {})).toBeNull();
  expect(await claimRun(world.system, { pipeline_ids: ['c'] })).toBeNull();
  const second = await claimRun(world.system, { pipeline_ids: ['b', 'c'] });
  expect(second?.run.pipelineLoggingId).toBe(b?.pipelineLoggingId);
  expect((await claimRun(world.system, {}))?.run.pipelineLoggingId).toBe(a?.pipelineLoggingId);
});

test('two workers that claim 1,000 waiting runs at once start each exactly once', async () => {
  const world = await open(10_000);
  const pending = await insertPendingRuns(world, 1_000);
  const worker = async (): Promise<string[]> => {
    const claimed: string[] = [];
    for (let got = await claimRun(world.system, {}); got; got = await claimRun(world.system, {})) {
      claimed.push(got.run.pipelineLoggingId);
    }
    return claimed;
  };
  const [one, other] = await Promise.all([worker(), worker()]);
  expect(one.length).toBeGreaterThan(0);
  expect(other.length).toBeGreaterThan(0);
  expect([...one, ...other].sort()).toEqual(pending.map(run => run.pipelineLoggingId).sort());
  expect(await readQuota(world.system)).toMatchObject({ runsToday: 1_000, running: 1_000 });
  expect((await reconcileCounters({ repair: false, customerId: world.customerId })).differences).toEqual([]);
});

test('a claim that the quota refuses leaves the run waiting with its reason, until there is room', async () => {
  const world = await createWorld();
  await applyLimits(db(), world.customerId, { dailyLimit: 1 });
  const [waiting] = await insertPendingRuns(world, 1);
  const id = waiting?.pipelineLoggingId ?? '';
  await startRun(world.system, runInput());
  await expect(claimRun(world.system, {})).rejects.toMatchObject({ code: 'quota_exceeded' });
  await expect(claimRun(world.system, { wait_seconds: 5 })).rejects.toMatchObject({ code: 'quota_exceeded' });
  expect(await stored(id)).toMatchObject({ status: 'PENDING', pendingReason: 'quota_exceeded', quotaCharge: 0 });
  // The second refusal said nothing new, so nothing is told of it.
  expect(await db().select().from(outbox).where(eq(outbox.key, id))).toHaveLength(4);
  await applyLimits(db(), world.customerId, { refusalReason: 'subscription_inactive' });
  await expect(claimRun(world.system, {})).rejects.toMatchObject({ code: 'subscription_inactive' });
  expect(await stored(id)).toMatchObject({ pendingReason: 'subscription_inactive' });
  await applyLimits(db(), world.customerId, { refusalReason: null, dailyLimit: 2 });
  expect((await claimRun(world.system, {}))?.run).toMatchObject({ pipelineLoggingId: id, pendingReason: null });
  expect((await reconcileCounters({ repair: false, customerId: world.customerId })).differences).toEqual([]);
});

test('at full concurrency a claim first takes the slots of overdue leases', async () => {
  const world = await createWorld();
  await applyLimits(db(), world.customerId, { dailyLimit: 9, concurrentLimit: 1 });
  const { run } = await startRun(world.system, runInput());
  await insertPendingRuns(world, 1);
  await expect(claimRun(world.system, {})).rejects.toMatchObject({ code: 'concurrency_exceeded' });
  const past = new Date(Date.now() - 1_000);
  await db().update(runs).set({ leaseExpiresAt: past }).where(eq(runs.pipelineLoggingId, run.pipelineLoggingId));
  expect((await claimRun(world.system, {}))?.quota).toMatchObject({ running: 1, runsToday: 2 });
  expect(await usageRow(world.customerId)).toMatchObject({ runs: 2, failed: 1, running: 1 });
});

test('a run that nobody claims in its time is cancelled with the reason, and touches no count', async () => {
  const world = await open();
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  const old = { createdAt: hoursAgo(25), startTime: hoursAgo(25), pendingExpiresAt: hoursAgo(1) };
  const [silent] = await insertPendingRuns(world, 1, old);
  const [refused] = await insertPendingRuns(world, 1, { ...old, pendingReason: 'quota_exceeded' });
  expect(await claimRun(world.system, {})).toBeNull();
  while ((await expirePendingRuns()) > 0);
  expect(await stored(silent?.pipelineLoggingId ?? '')).toMatchObject({
    status: 'CANCELLED',
    errorMessage: 'not started within 24 hours: no worker claimed it',
    endTime: old.pendingExpiresAt,
    quotaCharge: 0,
    errorPattern: null,
  });
  expect(await stored(refused?.pipelineLoggingId ?? '')).toMatchObject({
    errorMessage: 'not started within 24 hours: quota_exceeded',
  });
  expect((await usageRow(world.customerId))?.cancelled ?? 0).toBe(0);
  expect((await reconcileCounters({ repair: false, customerId: world.customerId })).differences).toEqual([]);
});

test('a waiting worker is answered as soon as a run is queued in its process, and within a second by another', async () => {
  const world = await open();
  const { run } = await startRun(world.system, runInput());
  await completeRun(world.system, { status: 'FAILED' }, run.pipelineLoggingId);
  const timed = async (queue: () => Promise<unknown>): Promise<number> => {
    const claimed = claimRun(world.system, { wait_seconds: 20 });
    await sleep(50);
    const startedMs = performance.now();
    await queue();
    expect(await claimed).not.toBeNull();
    return performance.now() - startedMs;
  };
  const again = { pipeline_logging_ids: [run.pipelineLoggingId], idempotency_key: newUuid() };
  expect(await timed(() => runAgain(world.as('OWNER'), again))).toBeLessThan(900);
  expect(await timed(() => insertPendingRuns(world, 1))).toBeLessThan(4_000);
});

test('a worker that waits in vain, or goes away, gets nothing and leaves nothing behind', async () => {
  const world = await open();
  const startedMs = performance.now();
  expect(await claimRun(world.system, { wait_seconds: 1 })).toBeNull();
  expect(performance.now() - startedMs).toBeGreaterThan(950);
  const gone = new AbortController();
  const waiting = claimRun(world.system, { wait_seconds: 30 }, { signal: gone.signal });
  await sleep(50);
  gone.abort();
  expect(await waiting).toBeNull();
  await insertPendingRuns(world, 1);
  expect(await claimRun(world.system, {}, { signal: gone.signal })).toBeNull();
  expect((await claimRun(world.system, {}))?.run.status).toBe('RUNNING');
});

test('100 workers of a customer may wait and no more, and all go home when the process ends', async () => {
  const looked: string[][] = [];
  const own = new Waiters(async customers => {
    looked.push(customers);
    return [];
  });
  const caller = (customerId: string) => ({ customerId, pipelineIds: null });
  const waiting = Array.from({ length: 100 }, () => own.wait(caller('a'), 30_000));
  await expect(own.wait(caller('a'), 1_000)).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: 1 });
  const others = Array.from({ length: 1_900 }, (_, index) => own.wait(caller(`c${index % 50}`), 30_000));
  await expect(own.wait(caller('b'), 1_000)).rejects.toMatchObject({ code: 'rate_limited' });
  expect(own.size).toBe(2_000);
  await sleep(2_200);
  // One look a second for all of them.
  expect(looked.length).toBeLessThanOrEqual(3);
  expect(looked[0]).toHaveLength(51);
  own.close();
  expect(new Set(await Promise.all([...waiting, ...others]))).toEqual(new Set(['over']));
  expect(own.size).toBe(0);
  expect(await own.wait(caller('a'), 30_000)).toBe('over');
});

test('one run wakes one waiter, the one that waits longest and wants it', async () => {
  let found = [{ customerId: 'a', pipelineId: 'p', runs: 1 }];
  const own = new Waiters(async () => found.splice(0));
  const answers: string[] = [];
  const wait = (name: string, pipelineIds: string[] | null) =>
    own.wait({ customerId: 'a', pipelineIds }, 2_500).then(woken => answers.push(`${name} ${woken}`));
  const all = [wait('other', ['q']), wait('first', null), wait('second', ['p'])];
  await Promise.all(all);
  expect(answers[0]).toBe('first look');
  expect(answers.slice(1).sort()).toEqual(['other over', 'second over']);
  found = [];
});

test('a look that fails costs nobody the wait', async () => {
  let asked = 0;
  const own = new Waiters(async () => {
    if (asked++ === 0) throw new Error('Postgres is away');
    return [{ customerId: 'a', pipelineId: 'p', runs: 5 }];
  });
  expect(await own.wait({ customerId: 'a', pipelineIds: null }, 10_000)).toBe('look');
  expect(asked).toBe(2);
});

test('a running run is told of its cancellation by its heartbeat, and ends as cancelled even if its worker is silent', async () => {
  const world = await open();
  const { run } = await startRun(world.system, runInput());
  const id = run.pipelineLoggingId;
  expect((await heartbeat(world.system, {}, id)).cancelRequestedAt).toBeNull();
  const asked = await requestCancel(world.system, {}, id);
  expect(asked).toMatchObject({ status: 'RUNNING', cancelRequestedBy: 'system' });
  expect(await requestCancel(world.system, {}, id)).toEqual(asked);
  expect((await heartbeat(world.system, {}, id)).cancelRequestedAt).toEqual(asked.cancelRequestedAt);
  await db()
    .update(runs)
    .set({ leaseExpiresAt: new Date(Date.now() - 1_000) })
    .where(eq(runs.pipelineLoggingId, id));
  while ((await reapOverdueLeases()) > 0);
  const ended = await stored(id);
  expect(ended).toMatchObject({ status: 'CANCELLED', leaseExpired: true, errorPattern: null });
  expect(await requestCancel(world.system, {}, id)).toEqual(ended);
  expect(await usageRow(world.customerId)).toMatchObject({ runs: 1, cancelled: 1, failed: 0, running: 0 });
  expect((await reconcileCounters({ repair: false, customerId: world.customerId })).differences).toEqual([]);
});

test('claims, cancellations, completions and the reaper at once leave every run in one state and the counts right', async () => {
  const world = await open();
  const pending = await insertPendingRuns(world, 120, { leaseSeconds: 10 });
  const ids = pending.map(run => run.pipelineLoggingId);
  const quiet = (work: Promise<unknown>) => work.catch((error: { code?: string }) => error.code);
  const claims = Promise.all(Array.from({ length: 100 }, () => quiet(claimRun(world.system, {}))));
  const cancels = Promise.all(
    [0, 1, 2].map(part =>
      quiet(cancelRuns(world.as('OWNER'), { pipeline_logging_ids: ids.slice(part * 40, part * 40 + 40) })),
    ),
  );
  const ends = Promise.all(ids.map(id => quiet(completeRun(world.system, { status: 'COMPLETED' }, id))));
  const outcomes = (await Promise.all([claims, cancels, ends])).flat();
  expect(outcomes.filter(code => code === 'internal' || code === '40P01')).toEqual([]);
  await reapOverdueLeases();
  const now = await db().select().from(runs).where(eq(runs.customerId, world.customerId));
  for (const run of now) expect(run.quotaCharge).toBe(run.runDay === null ? 0 : 1);
  expect((await reconcileCounters({ repair: false, customerId: world.customerId })).differences).toEqual([]);
  expect(waiters().size).toBe(0);
});

test('a run that waited over midnight counts on the day of its claim', async () => {
  const world = await open();
  const yesterday = new Date(Date.now() - 86_400_000);
  const [waiting] = await insertPendingRuns(world, 1, {
    createdAt: yesterday,
    startTime: yesterday,
    pendingExpiresAt: new Date(Date.now() + 3_600_000),
  });
  const claimed = await claimRun(world.system, {});
  expect(claimed?.run.pipelineLoggingId).toBe(waiting?.pipelineLoggingId);
  expect(claimed?.run.startTime.toISOString().slice(0, 10)).toBe(claimed?.run.runDay);
  await withTestClock(client => client.query('SELECT expire_pending(500, $1)', [new Date(Date.now() - 7_200_000)]));
  const [after] = await db().select().from(runs).where(eq(runs.customerId, world.customerId));
  expect(after?.status).toBe('RUNNING');
});
