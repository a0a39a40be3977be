import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { insertDeadRow, insertDiscard, insertSource, insertTable, type TestSource } from '@/dev/testing/events/sources';
import { createWorld, type World } from '@/dev/testing/world';
import { allowDiscard } from '@/lib/domains/events/discards/allow-discard';
import { listDeadRows } from '@/lib/domains/events/discards/list-dead-rows';
import { listDiscards } from '@/lib/domains/events/discards/list-discards';
import { replayDeadRows } from '@/lib/domains/events/discards/replay-dead-rows';
import { db } from '@/lib/platform/db';
import { ingestChunks } from '@/lib/warehouse/ingest/tables';

describe('what of a source is not in BigQuery', () => {
  let world: World;
  let source: TestSource;
  beforeAll(async () => {
    world = await createWorld();
    source = await insertSource(world);
  });

  test('discards come by the time they last happened, with how many values can be replayed', async () => {
    const old = await insertDiscard(source, { lastAt: new Date('2026-01-01T00:00:00.000Z') });
    const recent = await insertDiscard(source, { reason: 'type_conflict', columnType: 'INT64' }, 2);
    const first = await listDiscards(world.as('VIEWER'), { limit: '1' }, source.sourceId);
    expect(first.discards).toMatchObject([
      { discard_id: recent, replayable: 2, column_type: 'INT64', allowed_at: null },
    ]);
    const next = await listDiscards(world.as('VIEWER'), { limit: '1', after: first.nextCursor }, source.sourceId);
    expect(next).toMatchObject({ discards: [{ discard_id: old, replayable: 0 }], nextCursor: null });
  });

  test('refused rows come newest first with BigQuery’s words', async () => {
    const error = 'no such field: colour';
    const old = await insertDeadRow(source, 'old', { at: new Date('2026-01-01T00:00:00.000Z') });
    const recent = await insertDeadRow(source, error);
    const { rows } = await listDeadRows(world.as('VIEWER'), {}, source.sourceId);
    expect(rows).toMatchObject([{ dead_row_id: recent, error, replayed_at: null }, { dead_row_id: old }]);
  });

  test('neither is there for another customer', async () => {
    const stranger = (await createWorld()).as('OWNER');
    await expect(listDiscards(stranger, {}, source.sourceId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(listDeadRows(stranger, {}, source.sourceId)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('allowing a column', () => {
  test('lets all discards of it pass, whatever type their values have, and is on record', async () => {
    const world = await createWorld();
    const source = await insertSource(world);
    const [column, reason] = ['colour', 'column_burst'] as const;
    const first = await insertDiscard(source, { columnName: column, reason, valueType: 'STRING' });
    const second = await insertDiscard(source, { columnName: column, reason, valueType: 'INT64' });
    const other = await insertDiscard(source, { columnName: 'size', reason });
    const asked = { source_id: source.sourceId, discard_id: first };
    const { result } = await allowDiscard(world.as('COLLABORATOR'), asked);
    expect(result).toMatchObject({ table: 'order_completed', column });
    const { discards } = await listDiscards(world.as('VIEWER'), {}, source.sourceId);
    const allowed = discards.filter(({ allowed_at }) => allowed_at).map(({ discard_id }) => discard_id);
    expect(allowed.toSorted()).toEqual([first, second].toSorted());
    expect(discards.find(({ discard_id }) => discard_id === other)?.allowed_by).toBeNull();
    expect((await allowDiscard(world.as('OWNER'), asked)).result).toEqual(result);
  });

  test('is refused where no limit holds the column', async () => {
    const world = await createWorld();
    const source = await insertSource(world);
    const id = await insertDiscard(source, { reason: 'type_conflict' });
    const asked = { source_id: source.sourceId, discard_id: id };
    await expect(allowDiscard(world.as('OWNER'), asked)).rejects.toMatchObject({ code: 'conflict' });
  });
});

test('refused rows go back in line once, and only those of the source', async () => {
  const world = await createWorld();
  const [source, other] = [await insertSource(world), await insertSource(world)];
  await insertTable(source, 'order_completed', { id: 'STRING', received_at: 'TIMESTAMP' });
  const [row, foreign] = [await insertDeadRow(source, 'no such field'), await insertDeadRow(other, 'no such field')];
  const asked = { source_id: source.sourceId, dead_row_ids: [row, foreign] };
  expect((await replayDeadRows(world.as('COLLABORATOR'), asked)).result.replayed).toBe(1);
  expect((await replayDeadRows(world.as('COLLABORATOR'), asked)).result.replayed).toBe(0);
  const waiting = await db().select().from(ingestChunks).where(eq(ingestChunks.dataset, source.dataset));
  expect(waiting).toMatchObject([{ tableName: 'order_completed', rows: 1 }]);
  const left = await listDeadRows(world.as('VIEWER'), {}, other.sourceId);
  expect(left.rows).toMatchObject([{ dead_row_id: foreign, replayed_at: null }]);
  const ofOther = { source_id: source.sourceId, dead_row_ids: [foreign] };
  await expect(replayDeadRows(world.as('OWNER'), ofOther)).rejects.toMatchObject({ code: 'not_found' });
});
