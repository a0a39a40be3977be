/** The queue on a table of the test's own: held by one, lost by none, given up where it must be. */
import { sql } from 'drizzle-orm';
import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { queueColumns, queueIndexes } from '@/lib/kernel/queue/columns';
import { backlogOf, defineQueue, leaseDue, listItems, replay, settle, takeDue } from '@/lib/kernel/queue/queue';
import { type Batch, workInTransactions, workLeased } from '@/lib/kernel/queue/work';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const words = { waiting: 'waiting', done: 'done', dead: 'dead', skipped: 'skipped' } as const;
const name = `queue_${randomText(8)}`.toLowerCase();
const items = pgTable(
  name,
  {
    itemId: text('item_id').primaryKey(),
    topic: text('topic'),
    body: text('body'),
    arrivedAt: timestamp('arrived_at', { withTimezone: true, precision: 3 }).notNull(),
    ...queueColumns(words),
  },
  table => queueIndexes(name, words, table, table.arrivedAt),
);
const queue = defineQueue({
  noun: 'parcel',
  words,
  table: items,
  id: 'itemId',
  arrivedAt: 'arrivedAt',
  backoffMs: [1_000, 5_000],
  leaseMs: 10_000,
});

const start = new Date(Date.now() - 3_600_000);
const at = (ms: number) => new Date(start.getTime() + ms);
const clockAt = (ms: number) => () => at(ms);
const random = () => 0;

beforeAll(async () => {
  await db().execute(sql`
    CREATE TABLE ${sql.identifier(name)} (
      item_id text PRIMARY KEY, topic text, body text, arrived_at timestamptz(3) NOT NULL, status text NOT NULL,
      attempts int NOT NULL DEFAULT 0, next_attempt_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(), last_error text)`);
});
beforeEach(() =>
  db()
    .delete(items)
    .then(() => undefined),
);
afterAll(() =>
  db()
    .execute(sql`DROP TABLE ${sql.identifier(name)}`)
    .then(() => undefined),
);

/** Items `a`, `b` … that arrived and are due a millisecond apart. */
async function put(count: number, more: Partial<typeof items.$inferInsert> = {}): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `i${String(index).padStart(4, '0')}`);
  const rows = ids.map((itemId, index) => {
    const status = 'waiting' as const;
    return { itemId, body: 'x', status, arrivedAt: at(index), nextAttemptAt: at(index), ...more };
  });
  await db().insert(items).values(rows);
  return ids;
}
const rowsNow = () => db().select().from(items).orderBy(items.itemId);
const done = async () => ({ outcome: 'done' as const });

describe('claims', () => {
  test('what is due longest comes first, what is not due does not come', async () => {
    await put(3);
    const seen: string[] = [];
    const note = async (row: { itemId: string }) => {
      seen.push(row.itemId);
      return done();
    };
    await workLeased(queue, note, { clock: clockAt(1) });
    expect(seen).toEqual(['i0000', 'i0001']);
    await workLeased(queue, note, { clock: clockAt(2) });
    expect(seen).toEqual(['i0000', 'i0001', 'i0002']);
  });

  test('two claimers never hold one item, under a lease or in a transaction', async () => {
    await put(1);
    const leases = await Promise.all(Array.from({ length: 8 }, () => leaseDue(queue, { now: at(5) })));
    expect(leases.flat()).toHaveLength(1);
    await db().update(items).set({ nextAttemptAt: start, attempts: 0 });
    await db().transaction(async first => {
      expect(await takeDue(first, queue, { now: at(5) })).toHaveLength(1);
      await db().transaction(async second => expect(await takeDue(second, queue, { now: at(5) })).toEqual([]));
      expect(await leaseDue(queue, { now: at(5) })).toEqual([]);
    });
  });

  test('a lease takes as many as it was asked for and no more, each once', async () => {
    await put(100);
    const leases = await Promise.all(Array.from({ length: 8 }, () => leaseDue(queue, { now: at(500), limit: 10 })));
    expect(leases.every(rows => rows.length <= 10)).toBe(true);
    const ids = leases.flat().map(row => row.itemId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a dead holder’s item comes back after its lease, with its attempt counted; what the dead one says then is not heard', async () => {
    await put(1);
    const [held] = await leaseDue(queue, { now: at(0) });
    expect(await leaseDue(queue, { now: at(9_999) })).toEqual([]);
    const [taken] = await leaseDue(queue, { now: at(10_000) });
    expect(taken).toMatchObject({ itemId: 'i0000', attempts: 2 });
    if (!held || !taken) throw new Error('nothing was leased');
    expect(await settle(db(), queue, held, { end: 'dead', error: 'a ghost speaks' })).toBe(false);
    expect(await settle(db(), queue, taken, { end: 'done' })).toBe(true);
    expect(await rowsNow()).toMatchObject([{ status: 'done', attempts: 2, lastError: null }]);
  });

  test('a transaction that ends without a commit gives its item back at once, and counts nothing', async () => {
    await put(1);
    const cut = db().transaction(async tx => {
      await takeDue(tx, queue, { now: at(0) });
      throw new Error('killed');
    });
    await expect(cut).rejects.toThrow('killed');
    expect(await leaseDue(queue, { now: at(0) })).toMatchObject([{ attempts: 1 }]);
  });

  test.each([
    ['leased', () => workLeased(queue, done, { clock: clockAt(5_000) })],
    ['in transactions', () => workInTransactions(queue, async () => ({}), { clock: clockAt(5_000), lanes: 1 })],
  ])(
    '1,000 items by 4 workers, %s: each once',
    async (_, work) => {
      await put(1_000);
      const reports = await Promise.all([work(), work(), work(), work()]);
      expect(reports.reduce((sum, report) => sum + report.done, 0)).toBe(1_000);
      expect(new Set((await rowsNow()).map(row => row.status))).toEqual(new Set(['done']));
    },
    120_000,
  );
});

describe('failures', () => {
  test('a poison item reaches the dead letter after its attempts, and the others go on', async () => {
    await put(3);
    const poison = async (row: { itemId: string }) => {
      if (row.itemId === 'i0001') throw new Error('this one always fails');
      return done();
    };
    const reports = [];
    for (const ms of [10, 1_010, 6_010, 100_000])
      reports.push(await workLeased(queue, poison, { clock: clockAt(ms), random }));
    expect(reports).toMatchObject([{ done: 2, later: 1 }, { later: 1 }, { dead: 1 }, { done: 0, later: 0, dead: 0 }]);
    expect((await rowsNow())[1]).toMatchObject({ status: 'dead', attempts: 3, lastError: 'this one always fails' });
  });

  test('the same in transactions: what it wrote is undone, each attempt counts, and the last gives it up', async () => {
    await put(2);
    const handle = async ({ tx, first }: { tx: Parameters<typeof takeDue>[0]; first: { itemId: string } }) => {
      await tx.update(items).set({ body: 'written' }).where(sql`${items.itemId} = ${first.itemId}`);
      if (first.itemId === 'i0000') throw new Error('always');
      return {};
    };
    for (const ms of [10, 1_010, 6_010])
      await workInTransactions(queue, handle, { clock: clockAt(ms), random, lanes: 2 });
    expect(await rowsNow()).toMatchObject([
      { status: 'dead', attempts: 3, body: 'x', lastError: 'always' },
      { status: 'done', attempts: 0, body: 'written' },
    ]);
  });

  test('an item whose workers die at it each time is given up unseen by the next one', async () => {
    await put(1);
    for (let death = 0; death < 3; death++) await leaseDue(queue, { now: at(death * 10_000) });
    let seen = 0;
    const count = async () => {
      seen++;
      return done();
    };
    expect(await workLeased(queue, count, { clock: clockAt(30_000) })).toMatchObject({ dead: 1 });
    expect(seen).toBe(0);
    expect(await rowsNow()).toMatchObject([{ status: 'dead', lastError: 'Its workers ended without an answer.' }]);
  });

  test('asked to wait: no attempt is used up, and the others wait too', async () => {
    await put(2);
    const busy = async () => ({ outcome: 'later' as const, error: 'slow down', waitMs: 7_000 });
    expect(await workLeased(queue, busy, { clock: clockAt(10) })).toMatchObject({ later: 1, stopped: true });
    expect(await rowsNow()).toMatchObject([{ attempts: 0, nextAttemptAt: at(7_010) }, { attempts: 0 }]);
  });

  test('what would befall every item stops the round and counts for none', async () => {
    await put(3);
    const stopped: unknown[] = [];
    const handle = async () => {
      throw new Error('the service is away');
    };
    const options = {
      clock: clockAt(10),
      lanes: 1,
      stops: () => true,
      onStopped: (error: unknown) => stopped.push(error),
    };
    expect(await workInTransactions(queue, handle, options)).toMatchObject({ done: 0, stopped: true });
    expect(stopped).toHaveLength(1);
    expect((await rowsNow()).every(row => row.attempts === 0 && row.status === 'waiting')).toBe(true);
  });
});

describe('keys and batches', () => {
  test('two lanes are never at one key at once, and what is taken along ends with the first', async () => {
    await put(12);
    for (const [index, row] of (await rowsNow()).entries())
      await db()
        .update(items)
        // Items of one key come together: lanes that look at the same moment would take the same.
        .set({ topic: `t${Math.floor(index / 4)}` })
        .where(sql`${items.itemId} = ${row.itemId}`);
    const under = new Set<string>();
    let most = 0;
    const report = await workInTransactions(
      queue,
      async ({ first, alsoTake }) => {
        const key = first.topic ?? '';
        expect(under.has(key)).toBe(false);
        under.add(key);
        most = Math.max(most, under.size);
        await alsoTake({
          where: sql`${items.topic} = ${key} AND ${items.itemId} <> ${first.itemId}`,
          orderBy: [],
          limit: 2,
        });
        await new Promise(resolve => setTimeout(resolve, 20));
        under.delete(key);
        return { set: { body: 'together' } };
      },
      { clock: clockAt(100), lanes: 3, apart: { column: items.topic, keyOf: row => row.topic } },
    );
    expect(report).toMatchObject({ done: 12 });
    expect(most).toBeGreaterThan(1);
    expect((await rowsNow()).every(row => row.body === 'together')).toBe(true);
  });
});

describe('items of a batch that are not to be worked on', () => {
  test('end as skipped with columns of their own, in the transaction that ends the others', async () => {
    await put(3);
    const handle = async ({ first, alsoTake }: Batch<typeof items.$inferSelect>) => {
      const others = await alsoTake({ where: sql`item_id <> ${first.itemId}`, orderBy: [sql`item_id`], limit: 10 });
      return { set: { body: 'told' }, skipped: [{ row: others[0] ?? first, set: { body: 'too late' } }] };
    };
    const report = await workInTransactions(queue, handle, { clock: clockAt(10), lanes: 1 });
    expect(report).toMatchObject({ done: 2, skipped: 1 });
    expect((await rowsNow()).map(({ status, body }) => [status, body])).toEqual([
      ['done', 'told'],
      ['skipped', 'too late'],
      ['done', 'told'],
    ]);
  });
});

describe('what staff see and do', () => {
  test('the backlog counts what waits and was given up, and says for how long', async () => {
    expect(await backlogOf(queue)).toEqual({ waiting: 0, dead: 0, oldestSeconds: 0, lateSeconds: 0 });
    await put(5);
    await db().update(items).set({ status: 'dead' }).where(sql`${items.itemId} = 'i0000'`);
    await db()
      .update(items)
      .set({ nextAttemptAt: new Date(Date.now() + 60_000) });
    const backlog = await backlogOf(queue);
    expect(backlog).toMatchObject({ waiting: 4, dead: 1, lateSeconds: 0 });
    expect(backlog.oldestSeconds).toBeGreaterThan(3_500);
  });

  test('the list has the latest first, without what is hidden', async () => {
    await put(3);
    const listed = await listItems(queue, { where: undefined, limit: 2, hidden: ['body'] });
    expect(listed.map(row => row.itemId)).toEqual(['i0002', 'i0001']);
    expect(listed[0]).not.toHaveProperty('body');
  });

  test('replayed, a dead item has all its attempts again; one that waits, or is not there, is refused', async () => {
    await put(1, { status: 'dead', attempts: 3, lastError: 'why' });
    const again = (id: string, where = sql`true`) =>
      db().transaction(tx => replay(tx, queue, { id, from: ['dead'], now: at(50), where }));
    await expect(again('i0000', sql`false`)).rejects.toMatchObject({ code: 'not_found' });
    expect(await again('i0000')).toMatchObject({ status: 'dead', attempts: 3, lastError: 'why' });
    expect(await rowsNow()).toMatchObject([{ status: 'waiting', attempts: 0, nextAttemptAt: at(50) }]);
    await expect(again('i0000')).rejects.toMatchObject({ code: 'conflict' });
    expect(await workLeased(queue, done, { clock: clockAt(50) })).toMatchObject({ done: 1 });
  });
});
