import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { ingestBacklog } from '@/lib/warehouse/ingest/backlog';
import { closeIngestLogs, ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import { consumeOnce, defineConsumer } from '@/lib/warehouse/ingest/spool/consume';

let dropDatabase = async () => {};
beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
});
afterAll(() => dropDatabase());
afterEach(closeIngestLogs);

const append = () => ingestLog('events').append({ key: 'src', meta: '{}', body: '{}' });
const chunk = (tableName: string) => ({
  chunkId: newUuid(),
  log: 'events' as const,
  dataset: 'shop',
  tableName,
  customerId: 'cus_test',
  mode: 'append' as const,
  columns: {},
  ndjson: '{}\n',
  rows: 2,
});
const consumer = (name: string) =>
  defineConsumer({ log: 'events', name, run: async () => (name === 'one' ? [chunk('tracks'), chunk('pages')] : []) });

test('the backlog is what the slowest consumer has not read, then what is not loaded', async () => {
  const empty = { log: { entries: 0, oldestSeconds: 0 }, spool: { rows: 0, tables: 0, blocked: 0, oldestSeconds: 0 } };
  expect(await ingestBacklog()).toEqual(empty);
  await Promise.all([append(), append(), append()]);
  const unread = await ingestBacklog();
  expect(unread).toMatchObject({ log: { entries: 3 }, spool: { rows: 0 } });
  expect(unread.log.oldestSeconds).toBeGreaterThan(0);
  await consumeOnce(consumer('one'));
  await consumeOnce(consumer('other'));
  const read = await ingestBacklog();
  expect(read).toMatchObject({ log: { entries: 0, oldestSeconds: 0 }, spool: { rows: 4, tables: 2, blocked: 0 } });
  expect(read.spool.oldestSeconds).toBeGreaterThan(0);
  await append();
  await consumeOnce(consumer('one'));
  await db().execute(sql`UPDATE ingest_tables SET blocked_until = 'infinity' WHERE table_name = 'pages'`);
  expect(await ingestBacklog()).toMatchObject({ log: { entries: 1 }, spool: { rows: 8, tables: 2, blocked: 1 } });
  await db().execute(sql`UPDATE ingest_chunks SET settled_at = clock_timestamp()`);
  expect(await ingestBacklog()).toMatchObject({ log: { entries: 1 }, spool: empty.spool });
});
