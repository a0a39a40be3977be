/** How many events a second the consumer takes from the log to committed chunks, receipts and counts; on the database of the environment. */

import { sql } from 'drizzle-orm';
import { sampleCall } from '@/dev/bench/events/transform';
import { createCustomers } from '@/dev/bench/fixtures';
import type { Line } from '@/dev/bench/report';
import type { EntryMeta } from '@/lib/domains/events/collect/entry-meta';
import { eventConsumer } from '@/lib/domains/events/process/process-entries';
import { receiptPartitions } from '@/lib/domains/events/receipts/partitions';
import { eventSources } from '@/lib/domains/events/tables';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { closeIngestLogs, ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import { preparePartitions } from '@/lib/warehouse/ingest/log/partitions';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';

const eventsInBatch = 100;
const batches = 400;
const singles = 10_000;
const sources = 10;
const bytesOfMb = 1_048_576;

async function insertSources(): Promise<string[]> {
  const [customer] = await createCustomers(1);
  if (!customer) throw new Error('there is no customer to measure with');
  const { customerId } = customer;
  const [createdAt, createdBy] = [new Date(), 'bench'];
  const rows = Array.from({ length: sources }, (_, index) => ({
    sourceId: newId('src'),
    customerId,
    sourceName: `Bench ${index}`,
    dataset: `bench_${index}`,
    createdAt,
    createdBy,
    updatedAt: createdAt,
    updatedBy: createdBy,
  }));
  await db().insert(eventSources).values(rows);
  return rows.map(({ sourceId }) => sourceId);
}

const metaOf = (kind: EntryMeta['kind']): string => {
  const meta: EntryMeta = { kind, receivedAt: new Date().toISOString(), ip: '203.0.113.7', userAgent: null };
  return JSON.stringify(meta);
};

async function appendAll(keys: readonly string[], bodies: { kind: EntryMeta['kind']; body: string }[]): Promise<void> {
  const log = ingestLog('events');
  await Promise.all(
    bodies.map(({ kind, body }, index) =>
      log.append({ key: keys[index % keys.length] ?? '', meta: metaOf(kind), body }),
    ),
  );
}

/** Settles what earlier parts of the bench left in the log, so that only what is appended from now on is measured. */
async function skipWhatIsThere(): Promise<void> {
  await db().execute(sql`
    INSERT INTO ingest_positions (log, shard, consumer, position)
    SELECT log, shard, ${eventConsumer.name}, MAX(position) FROM ingest_log WHERE log = ${eventConsumer.log} GROUP BY log, shard
    ON CONFLICT (log, shard, consumer) DO UPDATE SET position = GREATEST(ingest_positions.position, excluded.position)`);
}

/** Seconds until nothing waits any more, and the most memory that the process had meanwhile, in MB. */
async function consumeAll(): Promise<{ seconds: number; rssMb: number }> {
  const startedMs = performance.now();
  let rssMb = 0;
  while ((await consumeOnce(eventConsumer)).entries > 0) rssMb = Math.max(rssMb, process.memoryUsage.rss() / bytesOfMb);
  return { seconds: (performance.now() - startedMs) / 1_000, rssMb };
}

/** Lines of the table: calls in batches, then each in a request of its own. */
export async function consumerLines(): Promise<Line[]> {
  const keys = await insertSources();
  await skipWhatIsThere();
  await preparePartitions(receiptPartitions, new Date());
  const calls = (count: number) => Array.from({ length: count }, (_, index) => sampleCall(index));
  const inBatches = Array.from({ length: batches }, () => ({
    kind: 'batch' as const,
    body: `{"batch":[${calls(eventsInBatch)
      .map(({ text }) => text)
      .join(',')}]}`,
  }));
  try {
    await appendAll(keys, inBatches);
    const batched = await consumeAll();
    await appendAll(
      keys,
      calls(singles).map(({ type, text }) => ({ kind: type, body: text })),
    );
    const single = await consumeAll();
    const perSecond = (events: number, { seconds }: { seconds: number }) => events / seconds;
    return [
      {
        what: `events consumed, in batches of ${eventsInBatch}`,
        value: perSecond(batches * eventsInBatch, batched),
        unit: '/s',
      },
      { what: 'events consumed, a request each', value: perSecond(singles, single), unit: '/s' },
      { what: 'memory of the consumer, most', value: Math.max(batched.rssMb, single.rssMb), unit: 'MB' },
    ];
  } finally {
    await closeIngestLogs();
  }
}
