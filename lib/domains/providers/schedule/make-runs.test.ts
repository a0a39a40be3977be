import { asc, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { rowsOf } from '@/dev/testing/messages';
import { insertConfig } from '@/dev/testing/providers/configs';
import { withTestClock } from '@/dev/testing/quota';
import { insertPendingRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { collectNoted } from '@/lib/domains/notifications/collect';
import { makeDueRuns } from '@/lib/domains/providers/schedule/make-runs';
import { type ProviderConfig, providerConfigs } from '@/lib/domains/providers/tables';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { claimRun } from '@/lib/domains/runs/start/claim';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { type Run, runs } from '@/lib/domains/runs/tables';
import { outbox } from '@/lib/kernel/tables';
import { db, pool } from '@/lib/platform/db';

const minuteMs = 60_000;
/** A whole hour to come, which no other test's clock reaches: a schedule of each hour or five minutes has a time then. */
const start = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 + 48 * 3_600_000);
const after = (minutes: number, since = start) => new Date(since.getTime() + minutes * minuteMs);

const runsOf = (config: ProviderConfig): Promise<Run[]> =>
  db().select().from(runs).where(eq(runs.configId, config.configId)).orderBy(asc(runs.scheduledFor));
const stored = async (config: ProviderConfig): Promise<ProviderConfig> => {
  const [row] = await db().select().from(providerConfigs).where(eq(providerConfigs.configId, config.configId));
  if (!row) throw new Error('there is no such config');
  return row;
};
/** What the worker does at an instant, for one customer. */
const makeAt = (world: World, at: Date) => makeDueRuns({ clock: () => at, customers: [world.customerId] });
/** A statement of the database that takes its instant last. */
const asOf = (at: Date, text: string, ...values: unknown[]) =>
  withTestClock(async client => (await client.query(text, [...values, at])).rows);
const ticksOf = async (config: ProviderConfig) => (await runsOf(config)).map(run => run.scheduledFor);
const told = async (world: World) => {
  await collectNoted({ customers: [world.customerId] });
  const rows = await rowsOf(world);
  return rows.filter(row => row.event === 'schedule_missed' && row.recipient === world.members.OWNER.email);
};

test('a due config makes one run that waits, says what made it and from what, and is due at its next time', async () => {
  const world = await createWorld();
  const change = { scheduleCron: '0 * * * *', defaultParameters: { date: 'today' }, version: 3 };
  const config = await insertConfig(world, change, after(-10));
  await makeAt(world, after(-1));
  expect(await runsOf(config)).toEqual([]);
  await makeAt(world, after(0));
  await makeAt(world, after(1));
  const made = await runsOf(config);
  expect(made).toMatchObject([
    {
      status: 'PENDING',
      triggerType: 'scheduler',
      triggerBy: 'schedule 0 * * * * UTC',
      startedBy: 'system',
      origin: 'schedule',
      pipelineId: 'gcp_cost',
      parameters: { date: 'today' },
      configVersion: 'v3',
      scheduledFor: start,
      createdAt: start,
      pendingExpiresAt: after(60),
      quotaCharge: 0,
    },
  ]);
  expect(await stored(config)).toMatchObject({ nextRunAt: after(60), lastTickAt: start });
  const changes = await db()
    .select()
    .from(outbox)
    .where(eq(outbox.key, String(made[0]?.pipelineLoggingId)));
  expect(changes.map(row => row.mirror).sort()).toEqual(['tenant.pipeline_runs', 'tenant.run_details']);
});

test('of many missed times only the latest is caught up', async () => {
  const world = await createWorld();
  const config = await insertConfig(world, { scheduleCron: '*/5 * * * *' }, start);
  await makeAt(world, after(3 * 24 * 60 + 2));
  expect(await ticksOf(config)).toEqual([after(3 * 24 * 60)]);
  expect((await stored(config)).nextRunAt).toEqual(after(3 * 24 * 60 + 5));
});

test('two workers at once make each run once, for many configs', async () => {
  const world = await createWorld();
  for (let at = 0; at < 60; at++) await insertConfig(world, { scheduleCron: '0 * * * *' }, after(-10));
  await Promise.all([1, 2, 3].map(() => makeAt(world, start)));
  const made = await db().select().from(runs).where(eq(runs.customerId, world.customerId));
  expect([made.length, new Set(made.map(run => run.configId)).size]).toEqual([60, 60]);
});

test('a worker that dies before its commit has made nothing, and the next one makes it', async () => {
  const world = await createWorld();
  const config = await insertConfig(world, { scheduleCron: '0 * * * *' }, after(-10));
  const client = await pool().connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM provider_configs WHERE config_id = $1 FOR UPDATE', [config.configId]);
  await makeAt(world, start);
  expect(await runsOf(config)).toEqual([]);
  client.release(new Error('the worker died'));
  await expect.poll(() => makeAt(world, start).then(() => ticksOf(config))).toEqual([start]);
});

test.each([
  ['switched off', { isActive: false }],
  ['without its schedule', { scheduleEnabled: false }],
])('a config that is %s makes no run, and is not looked at again', async (_, change) => {
  const world = await createWorld();
  const config = await insertConfig(world, { scheduleCron: '0 * * * *', ...change, nextRunAt: start });
  await makeAt(world, start);
  expect(await runsOf(config)).toEqual([]);
  expect((await stored(config)).nextRunAt).toBeNull();
});

test('a schedule that cannot be read stops no other', async () => {
  const world = await createWorld();
  const broken = await insertConfig(world, { scheduleCron: '0 * * * *', nextRunAt: start });
  const zone = { scheduleTimezone: 'Not/AZone' };
  await db().update(providerConfigs).set(zone).where(eq(providerConfigs.configId, broken.configId));
  const sound = await insertConfig(world, { scheduleCron: '0 * * * *' }, after(-10));
  await makeAt(world, start);
  expect((await stored(broken)).nextRunAt).toBeNull();
  expect(await ticksOf(sound)).toEqual([start]);
});

test('a run that nobody claims by the next time is given up, says so, and is told once a config and day', async () => {
  const world = await createWorld();
  // In the past, where runs of other tests have no time to be given up.
  const past = after(-96 * 60);
  const config = await insertConfig(world, { scheduleCron: '*/15 * * * *', configName: 'Nightly' }, after(-1, past));
  for (const minutes of [0, 15, 30]) {
    await makeAt(world, after(minutes, past));
    await asOf(after(minutes, past), 'SELECT expire_pending(500, $1)');
  }
  const [first, second, third] = await runsOf(config);
  expect([first?.status, second?.status, third?.scheduledFor]).toEqual(['CANCELLED', 'CANCELLED', after(30, past)]);
  expect(first?.errorMessage).toBe(`not started by ${after(15, past).toISOString()}: no worker claimed it`);
  expect(await stored(config)).toMatchObject({ consecutiveFailures: 0, lastRunAt: null, lastFailureAt: null });
  const messages = await told(world);
  expect(messages.map(row => row.data)).toMatchObject([
    { name: 'Nightly', reason: 'unclaimed', run_id: first?.pipelineLoggingId, scheduled_for: past.toISOString() },
  ]);
  expect(await told(world)).toHaveLength(1);
});

test('nobody is told of a run that waited in vain where its config is off meanwhile', async () => {
  const world = await createWorld();
  const past = after(-96 * 60);
  const config = await insertConfig(world, { scheduleCron: '0 * * * *' }, after(-1, past));
  await makeAt(world, past);
  await db().update(providerConfigs).set({ isActive: false }).where(eq(providerConfigs.configId, config.configId));
  await asOf(after(60, past), 'SELECT expire_pending(500, $1)');
  expect((await runsOf(config)).map(run => run.status)).toEqual(['CANCELLED']);
  expect(await told(world)).toEqual([]);
});

test('a run that somebody gave up is no miss', async () => {
  const world = await createWorld();
  const config = await insertConfig(world, { scheduleCron: '0 * * * *' }, after(-1));
  await makeAt(world, start);
  await db()
    .update(runs)
    .set({ status: 'CANCELLED', cancelRequestedAt: start, cancelRequestedBy: 'somebody' })
    .where(eq(runs.configId, config.configId));
  expect(await told(world)).toEqual([]);
});

test('a customer that may not run gets no runs; it is told why once a week, of all its configs together', async () => {
  const world = await createWorld();
  const configs = [1, 2].map(() => insertConfig(world, { scheduleCron: '*/30 * * * *' }, after(-1)));
  const [first, second] = await Promise.all(configs);
  await applyLimits(db(), world.customerId, { refusalReason: 'subscription_inactive' });
  for (const minutes of [0, 30]) await makeAt(world, after(minutes));
  expect([...(await runsOf(first!)), ...(await runsOf(second!))]).toEqual([]);
  expect((await told(world)).map(row => row.data)).toMatchObject([{ reason: 'subscription_inactive', run_id: null }]);
  await applyLimits(db(), world.customerId, { refusalReason: null });
  await makeAt(world, after(60));
  expect(await ticksOf(first!)).toEqual([after(60)]);
});

test('where the customer has all the waiting runs it may have, no more is made, and it is told', async () => {
  const world = await createWorld();
  await insertPendingRuns(world, 499);
  const configs = [];
  for (let at = 0; at < 3; at++) configs.push(await insertConfig(world, { scheduleCron: '0 * * * *' }, after(-1)));
  await makeAt(world, start);
  const made = await Promise.all(configs.map(runsOf));
  expect(made.flat()).toHaveLength(1);
  expect((await told(world)).map(row => (row.data as { reason: string }).reason)).toEqual([
    'too_many_pending',
    'too_many_pending',
  ]);
});

/** Claims the run that waits at an instant and ends it there. */
async function runAt(world: World, at: Date, status: 'COMPLETED' | 'FAILED' | 'CANCELLED'): Promise<void> {
  const claim = 'SELECT (a.run).pipeline_logging_id AS id FROM claim_run($1, NULL, NULL, NULL, $2) a';
  const [claimed] = await asOf(at, claim, world.customerId);
  const request = { request: 0, customer_id: world.customerId, run_id: claimed.id, status };
  await asOf(at, 'SELECT * FROM complete_runs($1::jsonb, $2)', JSON.stringify([request]));
}

test('after five failures in a row a schedule runs once an hour, and one success ends that at once', async () => {
  const world = await createWorld();
  await applyLimits(db(), world.customerId, { dailyLimit: 1_000 });
  const config = await insertConfig(world, { scheduleCron: '*/5 * * * *' }, after(-1));
  const step = async (minutes: number, status: 'COMPLETED' | 'FAILED') => {
    await makeAt(world, after(minutes));
    if ((await runsOf(config)).some(run => run.status === 'PENDING')) await runAt(world, after(minutes + 1), status);
  };
  for (let minutes = 0; minutes <= 120; minutes += 5) await step(minutes, 'FAILED');
  const minutesOf = async () => (await ticksOf(config)).map(tick => (Number(tick) - start.getTime()) / minuteMs);
  expect(await minutesOf()).toEqual([0, 5, 10, 15, 20, 80]);
  expect(await stored(config)).toMatchObject({
    consecutiveFailures: 6,
    lastRunAt: after(81),
    lastFailureAt: after(81),
    lastSuccessAt: null,
  });
  for (let minutes = 125; minutes <= 150; minutes += 5) await step(minutes, 'COMPLETED');
  expect(await minutesOf()).toEqual([0, 5, 10, 15, 20, 80, 140, 145, 150]);
  expect(await stored(config)).toMatchObject({ consecutiveFailures: 0, lastSuccessAt: after(151) });
});

test('a cancelled run is neither a success nor a failure; a lease that runs out is a failure', async () => {
  const world = await createWorld();
  const config = await insertConfig(world, { scheduleCron: '0 * * * *' }, after(-1));
  await makeAt(world, start);
  await runAt(world, after(1), 'CANCELLED');
  expect(await stored(config)).toMatchObject({ consecutiveFailures: 0, lastRunAt: after(1), lastFailureAt: null });
  await makeAt(world, after(60));
  await asOf(after(61), 'SELECT * FROM claim_run($1, NULL, NULL, 60, $2)', world.customerId);
  await asOf(after(63), 'SELECT reap_leases($1, $2)', world.customerId);
  expect(await stored(config)).toMatchObject({ consecutiveFailures: 1, lastFailureAt: after(62) });
});

test('a scheduled run is claimed, kept alive and completed as any other, and the mirror hears of its config', async () => {
  const world = await createWorld();
  const config = await insertConfig(world, { scheduleCron: '0 0 * * *', defaultParameters: { day: 1 } });
  await makeDueRuns({ clock: () => new Date(config.nextRunAt!), customers: [world.customerId] });
  await db().update(runs).set({ createdAt: new Date() }).where(eq(runs.configId, config.configId));
  const claimed = await claimRun(world.system, { worker_instance: 'worker-1' });
  expect(claimed?.run).toMatchObject({
    status: 'RUNNING',
    configId: config.configId,
    scheduledFor: config.nextRunAt,
    parameters: { day: 1 },
  });
  await completeRun(world.system, { status: 'FAILED', error_message: 'boom' }, String(claimed?.run.pipelineLoggingId));
  const changed = await stored(config);
  expect(changed.consecutiveFailures).toBe(1);
  expect(changed.lastRunAt).toEqual(claimed?.run.startTime);
  expect(changed.version).toBe(config.version);
  const heard = await db().select().from(outbox).where(eq(outbox.key, config.configId));
  expect(heard.map(row => [row.mirror, row.partitionValue])).toContainEqual([
    'customers.customer_provider_configs',
    config.createdAt.toISOString(),
  ]);
});

test('a run that its schedule made is not started once its config is off', async () => {
  const world = await createWorld();
  const config = await insertConfig(world, { scheduleCron: '0 * * * *' });
  await makeDueRuns({ clock: () => new Date(config.nextRunAt!), customers: [world.customerId] });
  await db().update(providerConfigs).set({ isActive: false }).where(eq(providerConfigs.configId, config.configId));
  expect(await claimRun(world.system, {})).toBeNull();
});
