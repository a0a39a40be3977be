import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertDiscard, insertSource, insertTable } from '@/dev/testing/events/sources';
import { rowsOf, sendRows } from '@/dev/testing/ingest/batches';
import { createWorld } from '@/dev/testing/world';
import { allowDiscard } from '@/lib/domains/events/discards/allow-discard';
import { listDiscards } from '@/lib/domains/events/discards/list-discards';
import { replayDiscard } from '@/lib/domains/events/discards/replay-discard';
import { eventIngest } from '@/lib/domains/events/ingest';
import { db } from '@/lib/platform/db';
import { recordDiscards } from '@/lib/warehouse/ingest/evolve/discards/record-discards';
import { ingestDiscards } from '@/lib/warehouse/ingest/tables';

const at = new Date(Date.UTC(2026, 2, 2, 10)).toISOString();

test('a column that a person allows gets its discarded values, once', async () => {
  const world = await createWorld();
  const source = await insertSource(world);
  const target = { dataset: source.dataset, tableName: 'order_completed' };
  await insertTable(source, target.tableName, { id: 'STRING' });
  const row = { id: 'a', received_at: at, colour: 'red' };
  const prepared = await sendRows(target, [row], { definition: eventIngest, limits: { newColumnsPerHour: 0 } });
  await db().transaction(tx => recordDiscards(tx, prepared));
  const [discard] = (await listDiscards(world.as('VIEWER'), {}, source.sourceId)).discards;
  expect(discard).toMatchObject({ column: 'colour', reason: 'column_burst', count: 1, replayable: 1 });
  const asked = { source_id: source.sourceId, discard_id: discard?.discard_id };
  await allowDiscard(world.as('COLLABORATOR'), asked);
  const { result } = await replayDiscard(world.as('COLLABORATOR'), asked);
  expect(result).toMatchObject({ values: 1, is_complete: true });
  expect(await rowsOf(target, 'SELECT id, colour FROM $table')).toEqual([{ id: 'a', colour: 'red' }]);
  expect((await replayDiscard(world.as('OWNER'), asked)).result.values).toBe(0);
});

test('what no column can take stays, and the answer says why', async () => {
  const world = await createWorld();
  const source = await insertSource(world);
  await insertTable(source, 'order_completed', { id: 'STRING' });
  const id = await insertDiscard(source, { columnName: `_table_${'x'.repeat(10)}`, reason: 'reserved_name' }, 1);
  const asked = { source_id: source.sourceId, discard_id: id };
  await expect(replayDiscard(world.as('OWNER'), asked)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('keeps for itself'),
  });
  const [left] = await db().select().from(ingestDiscards).where(eq(ingestDiscards.discardId, id));
  expect(left?.count).toBe(1);
});

test('a discard of another customer’s source is not there', async () => {
  const source = await insertSource(await createWorld());
  const id = await insertDiscard(source, {}, 1);
  const stranger = (await createWorld()).as('OWNER');
  const asked = { source_id: source.sourceId, discard_id: id };
  await expect(replayDiscard(stranger, asked)).rejects.toMatchObject({ code: 'not_found' });
});
