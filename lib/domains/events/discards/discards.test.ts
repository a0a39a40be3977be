import { beforeAll, describe, expect, test } from 'vitest';
import { insertDeadRow, insertDiscard, insertSource, type TestSource } from '@/dev/testing/events/sources';
import { createWorld, type World } from '@/dev/testing/world';
import { listDeadRows } from '@/lib/domains/events/discards/list-dead-rows';
import { listDiscards } from '@/lib/domains/events/discards/list-discards';

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
    const old = await insertDeadRow(source, 'old', new Date('2026-01-01T00:00:00.000Z'));
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
