import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { newTarget, rowsOf, sendRows } from '@/dev/testing/ingest/batches';
import { db } from '@/lib/platform/db';
import { exampleOf, recordDiscards } from '@/lib/warehouse/ingest/evolve/discards/record-discards';
import type { Discard } from '@/lib/warehouse/ingest/evolve/prepared';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import { ingestDiscardedValues, ingestDiscards } from '@/lib/warehouse/ingest/tables';

const record = (prepared: { target: Target; discards: Discard[] }) =>
  db().transaction(tx => recordDiscards(tx, prepared));
const discardsOf = (target: Target) =>
  db().select().from(ingestDiscards).where(eq(ingestDiscards.dataset, target.dataset));

test('a value that its column cannot take leaves its row, which is loaded; it is counted once however often it is recorded', async () => {
  const target = newTarget();
  const prepared = await sendRows(target, [
    { id: 'a', sent: true, received_at: '2024-02-29T10:00:00.000Z' },
    { id: 'b', received_at: 'never' },
  ]);
  expect(prepared.discards).toMatchObject([
    { column: 'received_at', reason: 'type_conflict', valueType: 'STRING', count: 1 },
  ]);
  expect(await rowsOf(target, 'SELECT id, sent FROM $table ORDER BY id')).toEqual([
    { id: 'a', sent: true },
    { id: 'b', sent: null },
  ]);
  await record(prepared);
  await record(prepared);
  const [kept] = await discardsOf(target);
  expect(kept).toMatchObject({ columnName: 'received_at', columnType: 'TIMESTAMP', example: 'never', count: 1 });
  const values = await db()
    .select()
    .from(ingestDiscardedValues)
    .where(eq(ingestDiscardedValues.discardId, kept?.discardId as string));
  expect(values).toMatchObject([{ rowId: 'b', value: '"never"', replayedAt: null }]);
});

test('paths beyond 2,000 of a table are counted together', async () => {
  const target = newTarget();
  const receivedAt = '2024-02-29T10:00:00.000Z';
  const discards = Array.from(
    { length: 2_010 },
    (_, index): Discard => ({
      column: `c${index}`,
      reason: 'column_burst',
      valueType: 'INT64',
      columnType: null,
      count: 3,
      values: [{ rowId: 'a', receivedAt, value: '1' }],
    }),
  );
  await record({ target, discards });
  const kept = await discardsOf(target);
  expect(kept).toHaveLength(2_001);
  expect(kept.find(discard => discard.columnName === '(other)')).toMatchObject({ count: 30, example: '1' });
  expect(kept.find(discard => discard.columnName === 'c7')).toMatchObject({ count: 3 });
});

test('an example is the start of the value, 200 signs at most', () => {
  expect(exampleOf('12.50')).toBe('12.50');
  expect(exampleOf('"a\\u0000b"')).toBe('ab');
  expect([...exampleOf(JSON.stringify('😀'.repeat(500)))]).toHaveLength(200);
});
