/** Discarded values come into their column once it takes them. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { newTarget, rowsOf, type SendOptions, sendRows, type TestRow } from '@/dev/testing/ingest/batches';
import { testDefinition } from '@/dev/testing/ingest/datasets';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';
import { forgetDiscards } from '@/lib/warehouse/ingest/evolve/discards/forget-discards';
import { recordDiscards } from '@/lib/warehouse/ingest/evolve/discards/record-discards';
import { replayDiscard } from '@/lib/warehouse/ingest/evolve/discards/replay-discard';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import { ingestDiscardedValues, ingestDiscards, ingestLoads, ingestTables } from '@/lib/warehouse/ingest/tables';

const definition = testDefinition();
const tooLarge = { limits: { rewriteMaxBytes: 0 } };
const at = (second: number) => new Date(Date.UTC(2024, 1, 29, 10, 0, second)).toISOString();

/** Sends rows and records what was discarded, as the loader does. */
async function sendAndRecord(
  target: Target,
  rows: TestRow[],
  options: SendOptions = {},
  mode: 'append' | 'latest' = 'append',
) {
  await db()
    .insert(ingestTables)
    .values({ ...target, log: 'events', customerId: `cus_${randomText(8)}`, mode })
    .onConflictDoNothing();
  const prepared = await sendRows(target, rows, options);
  await db().transaction(tx => recordDiscards(tx, prepared));
}

const discardsOf = (target: Target) =>
  db().select().from(ingestDiscards).where(eq(ingestDiscards.dataset, target.dataset));
const onlyDiscard = async (target: Target) => (await discardsOf(target))[0]?.discardId as string;
const prices = (target: Target) => rowsOf(target, 'SELECT id, price FROM $table ORDER BY id');

test('values of a table that was too large for another type come in once it may be written anew; twice changes nothing', async () => {
  const target = newTarget();
  await sendAndRecord(target, [{ id: 'a', received_at: at(1), price: 1 }], tooLarge);
  await sendAndRecord(
    target,
    [
      { id: 'b', received_at: at(2), price: 'x' },
      { id: 'c', received_at: at(3), price: 'größer' },
    ],
    tooLarge,
  );
  const discardId = await onlyDiscard(target);
  expect(await replayDiscard(definition, discardId, tooLarge)).toEqual({ state: 'held', reason: 'type_conflict' });
  expect(await replayDiscard(definition, discardId)).toEqual({ state: 'replayed', values: 2 });
  const now = [
    { id: 'a', price: '1' },
    { id: 'b', price: 'x' },
    { id: 'c', price: 'größer' },
  ];
  expect(await prices(target)).toEqual(now);
  expect(await replayDiscard(definition, discardId)).toEqual({ state: 'replayed', values: 0 });
  expect(await prices(target)).toEqual(now);
});

test('a column that a limit held back is made when a person allows it, and gets its values; a value that came meanwhile stays', async () => {
  const target = newTarget();
  const held = { limits: { newColumnsPerHour: 0 } };
  await sendAndRecord(
    target,
    [
      { id: 'a', received_at: at(1), price: 1.5 },
      { id: 'b', received_at: at(2), price: 2.5 },
    ],
    held,
  );
  const discardId = await onlyDiscard(target);
  expect(await replayDiscard(definition, discardId, held)).toEqual({ state: 'held', reason: 'column_burst' });
  await db().update(ingestDiscards).set({ allowedAt: new Date() }).where(eq(ingestDiscards.discardId, discardId));
  await sendRows(target, [{ id: 'b', received_at: at(2), price: 3.5 }], held);
  expect(await replayDiscard(definition, discardId, held)).toEqual({ state: 'replayed', values: 2 });
  expect(await rowsOf(target, 'SELECT id, price FROM $table ORDER BY id, price')).toEqual([
    { id: 'a', price: 1.5 },
    { id: 'b', price: 2.5 },
    { id: 'b', price: 3.5 },
  ]);
});

test('where tables are managed by hand nothing is made; in a table of latest rows a value is found in any partition', async () => {
  const target = newTarget();
  const held = { limits: { newColumnsPerHour: 0 } };
  await sendAndRecord(target, [{ id: 'a', received_at: at(1), since: at(5) }], held, 'latest');
  const discardId = await onlyDiscard(target);
  expect(await replayDiscard(testDefinition(false), discardId)).toMatchObject({ state: 'held' });
  await db()
    .update(ingestDiscardedValues)
    .set({ receivedAt: new Date(at(50)) })
    .where(eq(ingestDiscardedValues.discardId, discardId));
  expect(await replayDiscard(definition, discardId)).toEqual({ state: 'replayed', values: 1 });
  expect(await rowsOf(target, 'SELECT since FROM $table')).toEqual([{ since: new Date(at(5)) }]);
});

test('while the end of a load is not known the table is busy; a discard that nobody knows is gone', async () => {
  const target = newTarget();
  await sendAndRecord(target, [{ id: 'a', price: 1 }], { limits: { newColumnsPerHour: 0 } });
  const loadId = `load_${randomText(8)}`;
  await db()
    .insert(ingestLoads)
    .values({ ...target, loadId, state: 'SENDING', sink: 'load_job', jobIds: [], chunkIds: [], rows: 1, attempt: 1 });
  expect(await replayDiscard(definition, await onlyDiscard(target))).toEqual({ state: 'busy' });
  expect(await replayDiscard(definition, 'dis_none')).toEqual({ state: 'gone' });
});

test('values are kept as long as receipts, a discard 30 days after it came last', async () => {
  const target = newTarget();
  await sendAndRecord(target, [{ id: 'a', price: 1 }], { limits: { newColumnsPerHour: 0 } });
  const discardId = await onlyDiscard(target);
  const aged = (days: number) => new Date(Date.now() - days * 86_400_000);
  const values = () => db().$count(ingestDiscardedValues, eq(ingestDiscardedValues.discardId, discardId));
  const age = (days: number) =>
    db()
      .update(ingestDiscardedValues)
      .set({ discardedAt: aged(days) })
      .where(eq(ingestDiscardedValues.discardId, discardId));
  await age(6.9);
  await forgetDiscards();
  expect(await values()).toBe(1);
  await age(7.1);
  await forgetDiscards();
  expect(await values()).toBe(0);
  expect(await discardsOf(target)).toHaveLength(1);
  await db()
    .update(ingestDiscards)
    .set({ lastAt: aged(30.1) })
    .where(eq(ingestDiscards.discardId, discardId));
  await forgetDiscards();
  expect(await discardsOf(target)).toEqual([]);
});
