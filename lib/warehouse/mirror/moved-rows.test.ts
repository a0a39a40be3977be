/** Rows whose partition value changes once, as a run's start does when it is claimed on another day than it was asked for. */
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { asRow, withTestMirror } from '@/dev/testing/relay';
import type { Item } from '@/dev/testing/test-mirror';
import { db } from '@/lib/platform/db';
import { rebuildMirror } from '@/lib/warehouse/mirror/rebuild';
import { flushOnce } from '@/lib/warehouse/mirror/relay';
import { verifyMirror } from '@/lib/warehouse/mirror/verify';

const dayMs = 86_400_000;
/** Where each item was put first, as a run's created_at says it. */
const firstAt = new Map<string, Date>();
const { mirror, only, newCustomer, flush } = withTestMirror('moved_rows', item => firstAt.get(item.id) ?? item.at);

/** An item that waits, and the same once it was moved `days` later. */
function movingItem(customer: string, days = 3): [waiting: Item, moved: Item] {
  const item = { ...mirror.item(customer, 'PENDING'), at: new Date(Date.now() - 5 * dayMs) };
  firstAt.set(item.id, item.at);
  return [item, { ...item, at: new Date(item.at.getTime() + days * dayMs), body: 'RUNNING' }];
}

test('a row that was mirrored and then moves to another day is there once, on the new day', async () => {
  const customer = newCustomer();
  const [waiting, moved] = movingItem(customer);
  await mirror.put(waiting);
  await flush();
  await mirror.put(moved);
  await flush();
  expect(await mirror.rows(customer)).toEqual([asRow(moved)]);
  await mirror.put({ ...moved, body: 'COMPLETED' });
  await flush();
  expect(await mirror.rows(customer)).toEqual([asRow({ ...moved, body: 'COMPLETED' })]);
});

test('a row that moves before its first change was sent is there once', async () => {
  const customer = newCustomer();
  const [waiting, moved] = movingItem(customer);
  await mirror.put(waiting);
  await mirror.put(moved);
  await flush();
  expect(await mirror.rows(customer)).toEqual([asRow(moved)]);
});

test('a row that moves while the MERGE that brings it is under way is there once', async () => {
  const customer = newCustomer();
  const [waiting, moved] = movingItem(customer);
  await mirror.put(waiting);
  let moves = 0;
  const beforeMerge = async () => void (moves++ === 0 && (await mirror.put(moved)));
  await flushOnce(mirror.deps({ beforeMerge }), only);
  await flush();
  expect(moves).toBeGreaterThan(0);
  expect(await mirror.rows(customer)).toEqual([asRow(moved)]);
});

test('a row is found where it was also by a later change, when the change that moved it was set aside', async () => {
  const customer = newCustomer();
  const [waiting, moved] = movingItem(customer);
  await mirror.put(waiting);
  await flush();
  await mirror.put({ ...moved, price: 'not a number' });
  await flush();
  await mirror.put(moved);
  await flush();
  expect(await mirror.rows(customer)).toEqual([asRow(moved)]);
});

test('a moved row that is deleted is gone, whichever day its last change named', async () => {
  const customer = newCustomer();
  const [waiting, moved] = movingItem(customer);
  await mirror.put(waiting);
  await flush();
  await mirror.put(moved);
  await mirror.remove(moved);
  await flush();
  expect(await mirror.rows(customer)).toEqual([]);
});

test('verify sees that a row has not moved yet, and a rebuild moves it', async () => {
  const customer = newCustomer();
  const [waiting, moved] = movingItem(customer);
  await mirror.put(waiting);
  await flush();
  await mirror.put(moved);
  await db().execute(sql`DELETE FROM outbox WHERE mirror = ${mirror.name}`);
  const differences = async () => {
    const found = await Array.fromAsync(verifyMirror(mirror.deps(), mirror.mirror, customer));
    return found.flatMap(({ differences }) => differences);
  };
  expect(await differences()).toEqual([{ key: moved.id, kind: 'different', columns: ['at', 'body'] }]);
  await rebuildMirror(mirror.deps(), mirror.name, customer);
  expect(await differences()).toEqual([]);
  expect(await mirror.rows(customer)).toEqual([asRow(moved)]);
});
