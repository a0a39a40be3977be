/** The limits of a table's columns, and what a person lets pass. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { newTarget, rowsOf, sendRows, type TestRow } from '@/dev/testing/ingest/batches';
import { db } from '@/lib/platform/db';
import { recordDiscards } from '@/lib/warehouse/ingest/evolve/discards/record-discards';
import type { Discard } from '@/lib/warehouse/ingest/evolve/prepared';
import { ingestDiscards } from '@/lib/warehouse/ingest/tables';

/** A row with so many properties: `<name>_0`, `<name>_1`, … */
const wide = (name: string, count: number): TestRow =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}_${index}`, index]));
const reasons = (discards: readonly Discard[]) => discards.map(({ column, reason }) => `${column} ${reason}`);
const hourMs = 3_600_000;

test('within an hour a table gets so many new columns; values of the rest are discarded, columns that exist go on, and the next hour takes more', async () => {
  const target = newTarget();
  const limits = { newColumnsPerHour: 3 };
  const start = Date.now();
  const at = (hours: number) => ({ limits, clock: () => new Date(start + hours * hourMs) });
  const made = await sendRows(target, [wide('a', 5)], at(0));
  expect(reasons(made.discards)).toEqual(['a_3 column_burst', 'a_4 column_burst']);
  const same = await sendRows(target, [{ ...wide('a', 3), b: 1 }], at(0.9));
  expect(reasons(same.discards)).toEqual(['b column_burst']);
  const later = await sendRows(target, [{ ...wide('a', 5), b: 1 }], at(1.1));
  expect(reasons(later.discards)).toEqual([]);
  expect(await rowsOf(target, 'SELECT COUNT(*) AS c, COUNT(a_0) AS a, COUNT(b) AS b FROM $table')).toEqual([
    { c: 3, a: 3, b: 1 },
  ]);
});

test('a table has no more columns than its budget; what a person allows is made all the same', async () => {
  const target = newTarget();
  const limits = { maxColumns: 6 };
  const first = await sendRows(target, [wide('a', 3)], { limits });
  expect(reasons(first.discards)).toEqual(['a_2 column_budget']);
  await db().transaction(tx => recordDiscards(tx, first));
  await db()
    .update(ingestDiscards)
    .set({ allowedAt: new Date(), allowedBy: 'test' })
    .where(eq(ingestDiscards.dataset, target.dataset));
  const second = await sendRows(target, [{ ...wide('a', 3), b: 1 }], { limits });
  expect(reasons(second.discards)).toEqual(['b column_budget']);
  expect(second.fields.map(({ name }) => name)).toContain('a_2');
});

test('a table that is too large to be written anew keeps its type: texts go to the discards, fractions still widen it', async () => {
  const target = newTarget();
  const limits = { rewriteMaxBytes: 0 };
  await sendRows(target, [{ id: 'a', price: 1 }], { limits });
  const mixed = await sendRows(
    target,
    [
      { id: 'b', price: 1.5 },
      { id: 'c', price: 'x' },
    ],
    { limits },
  );
  expect(mixed.discards).toMatchObject([
    {
      column: 'price',
      reason: 'type_conflict',
      valueType: 'STRING',
      columnType: 'FLOAT64',
      count: 1,
      values: [{ rowId: 'c', value: '"x"' }],
    },
  ]);
  expect(await rowsOf(target, 'SELECT id, price FROM $table ORDER BY id')).toEqual([
    { id: 'a', price: 1 },
    { id: 'b', price: 1.5 },
    { id: 'c', price: null },
  ]);
});

test('names that BigQuery refuses make no column and keep no row', async () => {
  const target = newTarget();
  const long = 'n'.repeat(301);
  const prepared = await sendRows(target, [{ id: 'a', _table_x: 1, [long]: 2, fine: 3 }]);
  expect(reasons(prepared.discards)).toEqual(['_table_x reserved_name', `${long} name_too_long`]);
  expect(await rowsOf(target, 'SELECT id, fine FROM $table')).toEqual([{ id: 'a', fine: 3 }]);
});
