import { eq } from 'drizzle-orm';
import type { PoolClient } from 'pg';
import { expect, test } from 'vitest';
import { eventsOf, usageRow, withTestClock } from '@/dev/testing/quota';
import { createWorld } from '@/dev/testing/world';
import { applyLimits, storedCounter } from '@/lib/domains/quotas/counters';
import { readQuota } from '@/lib/domains/quotas/read-quota';
import { quotaCounters } from '@/lib/domains/quotas/tables';
import { completeBatch } from '@/lib/domains/runs/start/lease';
import { type Reservation, reserveBatch } from '@/lib/domains/runs/start/reserve';
import { runs } from '@/lib/domains/runs/tables';
import { db, pool } from '@/lib/platform/db';

const reservation = (customerId: string): Reservation => ({
  customer_id: customerId,
  pipeline_id: 'nightly',
  trigger_type: 'scheduler',
  trigger_by: 'test',
  started_by: 'system',
  api_key_id: null,
  lease_seconds: 86_400,
  idempotency_key: null,
  body_hash: null,
});

/** A customer whose counter stands at a day of the past, so that the tests' instants are ahead of it. */
async function pastWorld(day: string, limits: { dailyLimit: number; concurrentLimit: number }) {
  const world = await createWorld();
  await applyLimits(db(), world.customerId, limits);
  await db()
    .update(quotaCounters)
    .set({ day, month: `${day.slice(0, 7)}-01` })
    .where(eq(quotaCounters.customerId, world.customerId));
  return world;
}

const start = async (client: PoolClient, customerId: string, at: string) => {
  const [decision] = await reserveBatch(client, [reservation(customerId)], new Date(at));
  if (!decision) throw new Error('no decision');
  return decision;
};
const end = async (client: PoolClient, customerId: string, runId: string, status: 'COMPLETED' | 'FAILED', at: string) =>
  completeBatch(client, [{ customer_id: customerId, run_id: runId, status, error_message: null }], new Date(at));

test('the daily count begins anew at 00:00 UTC, to the millisecond', async () => {
  const { customerId } = await pastWorld('2031-03-04', { dailyLimit: 2, concurrentLimit: 50 });
  const outcomes = await withTestClock(async client => {
    const seen = [];
    for (const at of [
      '2031-03-04T23:59:59.997Z',
      '2031-03-04T23:59:59.998Z',
      '2031-03-04T23:59:59.999Z',
      '2031-03-05T00:00:00.000Z',
      '2031-03-05T00:00:00.001Z',
      '2031-03-05T00:00:00.002Z',
    ]) {
      seen.push((await start(client, customerId, at)).outcome);
    }
    return seen;
  });
  expect(outcomes).toEqual(['granted', 'granted', 'quota_exceeded', 'granted', 'granted', 'quota_exceeded']);
  expect(await usageRow(customerId, '2031-03-04')).toMatchObject({ runs: 2, exceeded: true, warningSent: true });
  expect(await usageRow(customerId, '2031-03-05')).toMatchObject({ runs: 2, exceeded: true, runsMonth: 4 });
  expect((await eventsOf(customerId)).map(event => event.kind)).toEqual([
    'exceeded_100',
    'warning_80',
    'exceeded_100',
    'warning_80',
  ]);
});

test('concurrency counts across midnight, and an outcome is counted on the day the run started', async () => {
  const { customerId } = await pastWorld('2031-05-10', { dailyLimit: 10, concurrentLimit: 2 });
  await withTestClock(async client => {
    const first = await start(client, customerId, '2031-05-10T23:50:00Z');
    await start(client, customerId, '2031-05-10T23:55:00Z');
    const refused = await start(client, customerId, '2031-05-11T00:05:00Z');
    expect(refused).toMatchObject({ outcome: 'concurrency_exceeded', quota: { runsToday: 0, running: 2 } });
    if (!('runId' in first)) throw new Error('the first run was not granted');
    await end(client, customerId, first.runId, 'FAILED', '2031-05-11T00:10:00Z');
    expect(await start(client, customerId, '2031-05-11T00:11:00Z')).toMatchObject({
      outcome: 'granted',
      quota: { day: '2031-05-11', runsToday: 1, running: 2 },
    });
  });
  expect(await usageRow(customerId, '2031-05-10')).toMatchObject({ runs: 2, failed: 1, maxRunning: 2 });
  expect(await usageRow(customerId, '2031-05-11')).toMatchObject({ runs: 1, failed: 0, running: 2, maxRunning: 2 });
});

test('the month’s count begins anew with the month and is the sum of its days', async () => {
  const { customerId } = await pastWorld('2031-01-30', { dailyLimit: 10, concurrentLimit: 50 });
  await withTestClock(async client => {
    for (const at of [
      '2031-01-30T10:00:00Z',
      '2031-01-31T10:00:00Z',
      '2031-01-31T23:59:59.999Z',
      '2031-02-01T00:00:00Z',
    ])
      await start(client, customerId, at);
  });
  expect(await usageRow(customerId, '2031-01-31')).toMatchObject({ runs: 2, runsMonth: 3 });
  expect(await usageRow(customerId, '2031-02-01')).toMatchObject({ runs: 1, runsMonth: 1 });
});

test('a clock that goes back opens no day twice', async () => {
  const { customerId } = await pastWorld('2031-07-01', { dailyLimit: 1, concurrentLimit: 50 });
  await withTestClock(async client => {
    expect((await start(client, customerId, '2031-07-02T00:00:01Z')).outcome).toBe('granted');
    expect((await start(client, customerId, '2031-07-01T23:59:59Z')).outcome).toBe('quota_exceeded');
  });
  expect((await storedCounter(db(), customerId))?.day).toBe('2031-07-02');
});

test('an Idempotency-Key is free again after 24 hours', async () => {
  const { customerId } = await pastWorld('2031-09-01', { dailyLimit: 10, concurrentLimit: 50 });
  const keyed = { ...reservation(customerId), idempotency_key: 'daily', body_hash: 'same' };
  const outcomes = await withTestClock(async client => {
    const seen = [];
    for (const at of ['2031-09-01T10:00:00Z', '2031-09-02T09:59:59Z', '2031-09-02T10:00:00Z', '2031-09-02T10:00:01Z'])
      seen.push((await reserveBatch(client, [keyed], new Date(at)))[0]?.outcome);
    return seen;
  });
  expect(outcomes).toEqual(['granted', 'replayed', 'granted', 'replayed']);
});

test('reading shows a new day at once, though nothing was written yet', async () => {
  const { customerId, system } = await createWorld();
  await db()
    .update(quotaCounters)
    .set({ day: '2020-01-01', month: '2020-01-01', runsToday: 6, runsMonth: 40, exceeded: true, running: 1 })
    .where(eq(quotaCounters.customerId, customerId));
  const quota = await readQuota(system);
  expect(quota).toMatchObject({ runsToday: 0, runsMonth: 0, exceeded: false, running: 1 });
  expect(quota.resetsAt.toISOString()).toMatch(/T00:00:00\.000Z$/);
  expect(await storedCounter(db(), customerId)).toMatchObject({ day: '2020-01-01', runsToday: 6 });
});

test('a connection of the product cannot name the instant of a decision', async () => {
  const { customerId } = await createWorld();
  await expect(reserveBatch(pool(), [reservation(customerId)], new Date('2031-01-01'))).rejects.toThrow('only tests');
  expect(await db().select().from(runs).where(eq(runs.customerId, customerId))).toEqual([]);
});
