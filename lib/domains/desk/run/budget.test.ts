/** Not a byte is granted twice or lost: many queries at once, and several that say how one ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { setDeskSettings } from '@/lib/domains/desk/caps/set-caps';
import { leastBytes, mostQueriesPerDay, mostRunning } from '@/lib/domains/desk/rules';
import { type QueryEnd, settle, takeBytes } from '@/lib/domains/desk/run/budget';
import { deskDays, type deskQueries } from '@/lib/domains/desk/tables';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { toAppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';

const dayOf = async ({ customerId }: World, at = new Date()) => {
  const [day] = await db()
    .select()
    .from(deskDays)
    .where(and(eq(deskDays.customerId, customerId), eq(deskDays.day, utcDay(at))));
  return { bytes: day?.bytes ?? 0, queries: day?.queries ?? 0 };
};

/** Takes the bytes as the command does; the job itself is left out. */
function take(world: World, given: Partial<typeof deskQueries.$inferInsert> = {}) {
  const queryId = newId('qry');
  return db().transaction(tx =>
    takeBytes(tx, {
      queryId,
      customerId: world.customerId,
      askedBy: 'user:somebody',
      askedVia: 'api',
      sql: 'SELECT sha FROM commits',
      executedSql: 'SELECT sha FROM commits LIMIT 1000',
      tables: ['commits'],
      status: 'RUNNING',
      jobId: `desk_${queryId}`,
      estimatedBytes: leastBytes,
      capBytes: leastBytes,
      startedAt: new Date(),
      ...given,
    }),
  );
}

const ended = (bytesBilled: number, status: 'COMPLETED' | 'FAILED' = 'COMPLETED'): QueryEnd => ({
  status,
  bytesBilled,
  rowCount: 0,
  totalRows: 0,
  errorMessage: null,
  endedAt: new Date(),
});

/** Again and again while too many run; of so many at once some wait in vain for a connection, and come again too. */
async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!['rate_limited', 'database_unavailable'].includes(toAppError(error).code)) throw error;
      await sleep(20 + Math.random() * 200);
    }
  }
}

test('of 1,000 queries at once against a budget for 10 exactly 10 are granted, and 5 at most run at a time', async () => {
  const world = await createWorld();
  await setDeskSettings(world.as('ADMIN'), { bytes_per_day: 10 * leastBytes });
  let running = 0;
  let mostSeen = 0;
  const caller = async (): Promise<string> => {
    try {
      const query = await patiently(() => take(world));
      mostSeen = Math.max(mostSeen, ++running);
      await sleep(20);
      running--;
      await patiently(() => settle(query?.queryId ?? '', ended(leastBytes)));
      return 'granted';
    } catch (error) {
      return toAppError(error).code;
    }
  };
  const answers = await Promise.all(Array.from({ length: 1_000 }, caller));
  const counted = Map.groupBy(answers, answer => answer);
  expect([...counted].map(([answer, { length }]) => [answer, length]).sort()).toEqual([
    ['bytes_budget_spent', 990],
    ['granted', 10],
  ]);
  expect(mostSeen).toBeGreaterThan(1);
  expect(mostSeen).toBeLessThanOrEqual(mostRunning);
  expect(await dayOf(world)).toEqual({ bytes: 10 * leastBytes, queries: 10 });
}, 120_000);

test('the sixth query of an organization waits until one of five has ended', async () => {
  const world = await createWorld();
  const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => take(world)));
  const granted = attempts.flatMap(attempt => (attempt.status === 'fulfilled' ? [attempt.value] : []));
  expect(granted).toHaveLength(mostRunning);
  await expect(take(world)).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: 2 });
  await settle(granted[0]?.queryId ?? '', ended(0, 'FAILED'));
  await expect(take(world)).resolves.toMatchObject({ status: 'RUNNING' });
});

test('queries that bill nothing are counted too, and a day has an end of them', async () => {
  const world = await createWorld();
  const { customerId } = world;
  const day = utcDay(new Date());
  await db()
    .insert(deskDays)
    .values({ customerId, day, bytes: 0, queries: mostQueriesPerDay - 1 });
  await settle((await take(world))?.queryId ?? '', ended(0));
  await expect(take(world)).rejects.toMatchObject({
    code: 'rate_limited',
    message: expect.stringContaining('UTC day'),
  });
});

test('what a query billed replaces its estimate once, also where two say so at the same time', async () => {
  const world = await createWorld();
  const query = await take(world, { estimatedBytes: 5 * leastBytes });
  expect(await dayOf(world)).toEqual({ bytes: 5 * leastBytes, queries: 1 });
  const ends = await Promise.all([2, 2, 3, 4].map(times => settle(query?.queryId ?? '', ended(times * leastBytes))));
  expect(ends.filter(({ isFirst }) => isFirst)).toHaveLength(1);
  const [counted] = ends.filter(({ isFirst }) => isFirst);
  expect(await dayOf(world)).toEqual({ bytes: counted?.query.bytesBilled, queries: 1 });
  expect(ends.map(({ query: { bytesBilled } }) => bytesBilled)).toEqual(Array(4).fill(counted?.query.bytesBilled));
});

test('a query that ends after midnight counts on the day it started', async () => {
  const world = await createWorld();
  const startedAt = new Date(Date.now() - 86_400_000);
  const query = await take(world, { startedAt, estimatedBytes: 2 * leastBytes });
  await settle(query?.queryId ?? '', ended(leastBytes));
  expect(await dayOf(world, startedAt)).toEqual({ bytes: leastBytes, queries: 1 });
  expect(await dayOf(world)).toEqual({ bytes: 0, queries: 0 });
});

test('a request token makes one query, on either side of midnight, and another customer’s token is its own', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const requestToken = 'user:somebody same-token';
  const yesterday = new Date(Date.now() - 86_400_000);
  const made = await Promise.all([
    take(world, { requestToken }),
    take(world, { requestToken, startedAt: yesterday }),
    take(world, { requestToken }),
  ]);
  expect(made.filter(query => query !== null)).toHaveLength(1);
  expect((await dayOf(world)).bytes + (await dayOf(world, yesterday)).bytes).toBe(leastBytes);
  await expect(take(other, { requestToken })).resolves.toMatchObject({ customerId: other.customerId });
});

test('a job may bill no more than is left of the day, and no less than the service takes for a cap', async () => {
  const world = await createWorld();
  await setDeskSettings(world.as('ADMIN'), { bytes_per_day: 10 * leastBytes });
  const capOf = async (given: object) => {
    const query = await take(world, { capBytes: 50 * leastBytes, ...given });
    await settle(query?.queryId ?? '', ended(query?.estimatedBytes ?? 0));
    return (query?.capBytes ?? 0) / leastBytes;
  };
  expect(await capOf({ capBytes: 3 * leastBytes })).toBe(3);
  expect(await capOf({ estimatedBytes: 2 * leastBytes })).toBe(9);
  expect(await capOf({ estimatedBytes: 7 * leastBytes })).toBe(7);
  expect(await capOf({ estimatedBytes: 0, tables: [] })).toBe(1);
});
