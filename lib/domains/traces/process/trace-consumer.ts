/** Entries of the log of traces become rows on their way to BigQuery, with their book price. Source: docs/architecture.md, AI traces. */
import { tenantDatasetsOf } from '@/lib/domains/customers/datasets';
import { priced } from '@/lib/domains/traces/prices/priced';
import { keptBook } from '@/lib/domains/traces/process/kept-book';
import { type ReadEntry, readEntry } from '@/lib/domains/traces/process/read-entry';
import { recordDeadLetters } from '@/lib/domains/traces/runs/dead-letters';
import { noteReceived } from '@/lib/domains/traces/runs/receive-run';
import { takeLocks } from '@/lib/kernel/locks';
import { systemClock } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { log } from '@/lib/platform/log';
import type { Entry } from '@/lib/warehouse/ingest/log/log';
import { defineConsumer } from '@/lib/warehouse/ingest/spool/consume';
import type { NewChunk } from '@/lib/warehouse/ingest/spool/new-chunk';

/** The rows of a customer's entries as one chunk, in the order in which they came: the last of a hash is to win. */
async function chunkOf(customerId: string, dataset: string, entries: readonly ReadEntry[]): Promise<NewChunk[]> {
  const rows = entries.flatMap(entry => entry.rows);
  if (rows.length === 0) return [];
  const book = await keptBook(customerId);
  const ndjson = rows.map(row => `${JSON.stringify(priced(row, book))}\n`).join('');
  const chunkId = newId('chk');
  return [
    {
      chunkId,
      log: 'traces',
      dataset,
      tableName: 'sessions',
      customerId,
      mode: 'keyed',
      columns: {},
      ndjson,
      rows: rows.length,
    },
  ];
}

/** Notes what a customer's entries came to. */
async function noteEntries(tx: Tx, customerId: string, entries: readonly ReadEntry[], at: Date): Promise<void> {
  const sum = (of: (entry: ReadEntry) => number) => entries.reduce((total, entry) => total + of(entry), 0);
  const progress = {
    rows: sum(({ rows }) => rows.length),
    refused: sum(({ refusedCount }) => refusedCount),
    assumedTimes: sum(({ assumedTimes }) => assumedTimes),
  };
  const { id } = await noteReceived(tx, customerId, { ...progress, requests: entries.length }, at);
  const letters = entries.flatMap(({ refused }) => refused);
  await recordDeadLetters(tx, { customerId, etlRunId: id, letters, at });
}

/**
 * What the loader is to bring to BigQuery of these entries, one chunk a customer; the run of the hour and refused records are
 * written. Entries of customers that are gone leave nothing behind.
 */
export async function processTraces(tx: Tx, entries: readonly Entry[], clock = systemClock): Promise<NewChunk[]> {
  const at = clock();
  const byCustomer = Map.groupBy(entries.map(readEntry), ({ customerId }) => customerId);
  const datasets = await tenantDatasetsOf(tx, [...byCustomer.keys()]);
  const known = [...byCustomer].flatMap(([customerId, read]) => {
    const dataset = datasets.get(customerId);
    return dataset ? [{ customerId, dataset, read }] : [];
  });
  if (known.length < byCustomer.size)
    log().warn({ customers: byCustomer.size - known.length }, 'traces of customers that are gone were left out');
  // Two shards hold entries of one customer, whose run of the hour is one row.
  await takeLocks(
    tx,
    'etlRun',
    known.map(({ customerId }) => customerId),
  );
  const chunks: NewChunk[] = [];
  for (const { customerId, dataset, read } of known) {
    chunks.push(...(await chunkOf(customerId, dataset, read)));
    await noteEntries(tx, customerId, read, at);
  }
  return chunks;
}

/** Traces on their way from the log to the spool. */
export const traceConsumer = defineConsumer({
  log: 'traces',
  name: 'sessions',
  run: (tx, entries) => processTraces(tx, entries),
});
