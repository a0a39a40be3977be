import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processed } from '@/dev/testing/events/processed';
import { insertSource } from '@/dev/testing/events/sources';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { createWorld } from '@/dev/testing/world';
import { findReceipt } from '@/lib/domains/events/receipts/find-receipt';
import { forgetReceiptsJob } from '@/lib/domains/events/receipts/jobs';
import { receiptPartitions } from '@/lib/domains/events/receipts/partitions';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { preparePartitions } from '@/lib/warehouse/ingest/log/partitions';
import { ingestDeadRows, ingestLoads } from '@/lib/warehouse/ingest/tables';

let dropDatabase = async () => {};
beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
});
afterAll(() => dropDatabase());

const now = new Date();
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);

test('receipts older than EVENT_RECEIPT_DAYS go by the day with what was kept of their loads; what waits or was refused stays', async () => {
  const world = await createWorld();
  const source = await insertSource(world);
  const track = (messageId: string) => ({ type: 'track', messageId, userId: 'u1', event: messageId });
  for (const days of [12, 6]) {
    await processed(source.sourceId, [track(`event${days}`)], ago(days));
    await preparePartitions(receiptPartitions, ago(days));
  }
  const old = ago(12);
  const load: Pick<
    typeof ingestLoads.$inferInsert,
    'dataset' | 'tableName' | 'sink' | 'jobIds' | 'chunkIds' | 'rows' | 'attempt'
  > = {
    dataset: source.dataset,
    tableName: 'tracks',
    sink: 'load_job',
    jobIds: [],
    chunkIds: [],
    rows: 1,
    attempt: 1,
  };
  await db()
    .insert(ingestLoads)
    .values([
      { ...load, loadId: 'old', state: 'LOADED', startedAt: old, endedAt: old },
      { ...load, loadId: 'new', state: 'LOADED', startedAt: ago(6), endedAt: ago(6) },
      { ...load, loadId: 'sending', state: 'SENDING', startedAt: old },
    ]);
  const dead = {
    dataset: source.dataset,
    tableName: 'tracks',
    rowId: 'x',
    row: '{}',
    error: 'no',
    loadId: 'old',
    failedAt: old,
  };
  await db()
    .insert(ingestDeadRows)
    .values([
      { ...dead, deadRowId: 'waits' },
      { ...dead, deadRowId: 'replayed', replayedAt: old },
    ]);
  await db().execute(sql`UPDATE ingest_chunks SET settled_at = ${old} WHERE table_name = 'event12'`);
  await db().execute(sql`UPDATE ingest_chunks SET settled_at = ${ago(6)} WHERE table_name = 'event6'`);

  // The day of the old receipt and the three that were made ahead with it.
  expect(await forgetReceiptsJob.run({ ...systemCtx('test'), clock: () => now })).toEqual({
    days: 4,
    chunks: 1,
    loads: 1,
  });
  await expect(findReceipt(world.as('VIEWER'), {}, 'event12')).rejects.toMatchObject({ code: 'not_found' });
  expect(await findReceipt(world.as('VIEWER'), {}, 'event6')).toMatchObject({ outcome: 'ACCEPTED' });
  const { rows } = await db().execute(sql`
    SELECT array(SELECT load_id FROM ingest_loads ORDER BY 1) AS loads, array(SELECT dead_row_id FROM ingest_dead_rows) AS dead,
      array(SELECT DISTINCT table_name FROM ingest_chunks ORDER BY 1) AS tables`);
  expect(rows).toEqual([{ loads: ['new', 'sending'], dead: ['waits'], tables: ['event6', 'tracks'] }]);
  expect(await forgetReceiptsJob.run({ ...systemCtx('test'), clock: () => now })).toEqual({
    days: 0,
    chunks: 0,
    loads: 0,
  });
});
