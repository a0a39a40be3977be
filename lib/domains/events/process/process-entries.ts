/** Entries of the log become rows on their way to BigQuery, receipts and counts. Source: docs/architecture.md, Event collection. */
import { inArray } from 'drizzle-orm';
import { countEvents } from '@/lib/domains/events/process/count-events';
import { markDuplicates } from '@/lib/domains/events/process/duplicates';
import { gatherChunks } from '@/lib/domains/events/process/gather-chunks';
import { type KnownSource, type Outcome, outcomesOf, unprocessed } from '@/lib/domains/events/process/outcome';
import { writeReceipts } from '@/lib/domains/events/process/write-receipts';
import { eventSources } from '@/lib/domains/events/tables';
import { takeLocks } from '@/lib/kernel/locks';
import { systemClock } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';
import { isRefusedValue } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import type { Entry } from '@/lib/warehouse/ingest/log/log';
import { defineConsumer } from '@/lib/warehouse/ingest/spool/consume';
import type { NewChunk } from '@/lib/warehouse/ingest/spool/new-chunk';

/** The sources of these entries; also those that were deleted after their events had been taken. */
async function sourcesOf(tx: Tx, entries: readonly Entry[]): Promise<Map<string, KnownSource>> {
  const { sourceId, customerId, dataset } = eventSources;
  const keys = [...new Set(entries.map(({ key }) => key))];
  const found = await tx.select({ sourceId, customerId, dataset }).from(eventSources).where(inArray(sourceId, keys));
  return new Map(found.map(source => [source.sourceId, source]));
}

/** The same message id in two shards is one event, so a source is at one of them at a time from here to the commit. */
async function write(tx: Tx, outcomes: readonly Outcome[], at: Date): Promise<NewChunk[]> {
  await takeLocks(tx, 'eventSource', [...new Set(outcomes.map(({ source }) => source.sourceId))]);
  await markDuplicates(tx, outcomes, at);
  const { chunks, carried } = gatherChunks(outcomes);
  await writeReceipts(tx, outcomes, carried, at);
  await countEvents(tx, outcomes);
  return chunks;
}

type Known = { entry: Entry; source: KnownSource };

/** Each entry on its own: the one that Postgres refuses gets a receipt that says so, and the others go on. */
async function writeOneByOne(tx: Tx, entries: readonly Known[], at: Date): Promise<NewChunk[]> {
  const chunks: NewChunk[] = [];
  for (const { entry, source } of entries) {
    const outcomes = outcomesOf(source, entry, at.toISOString());
    try {
      chunks.push(...(await tx.transaction(inner => write(inner, outcomes, at))));
    } catch (error) {
      if (!isRefusedValue(error)) throw error;
      const place = { shard: entry.shard, position: entry.position, source_id: source.sourceId };
      log().error({ err: error, ...place }, 'an entry of the log was not processed');
      chunks.push(...(await write(tx, [unprocessed(source, entry)], at)));
    }
  }
  return chunks;
}

/**
 * What the loader is to bring to BigQuery of these entries; receipts and counts are written. Entries whose source is gone,
 * with all of its customer, leave nothing behind.
 */
export async function processEntries(tx: Tx, entries: Entry[], clock = systemClock): Promise<NewChunk[]> {
  const at = clock();
  const sources = await sourcesOf(tx, entries);
  const known = entries.flatMap((entry): Known[] => {
    const source = sources.get(entry.key);
    return source ? [{ entry, source }] : [];
  });
  if (known.length < entries.length)
    log().warn({ entries: entries.length - known.length }, 'entries of sources that are gone were left out');
  try {
    const outcomes = known.flatMap(({ entry, source }) => outcomesOf(source, entry, at.toISOString()));
    return await tx.transaction(inner => write(inner, outcomes, at));
  } catch (error) {
    if (!isRefusedValue(error)) throw error;
    return writeOneByOne(tx, known, at);
  }
}

/** Events on their way from the log to the spool. */
export const eventConsumer = defineConsumer({
  log: 'events',
  name: 'tables',
  run: (tx, entries) => processEntries(tx, entries),
});
