/** Entries of the agent log become rows on their way to BigQuery, each event once and in its place in the chain. Source: docs/architecture.md, Agent log. */
import { recordEvents } from '@/lib/domains/agent-log/chain/record-events';
import { type ReadEntry, readEntry } from '@/lib/domains/agent-log/process/read-entry';
import { tenantDatasetsOf } from '@/lib/domains/customers/datasets';
import { takeLocks } from '@/lib/kernel/locks';
import { systemClock } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { log } from '@/lib/platform/log';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import type { Entry } from '@/lib/warehouse/ingest/log/log';
import { defineConsumer } from '@/lib/warehouse/ingest/spool/consume';
import type { NewChunk } from '@/lib/warehouse/ingest/spool/new-chunk';
import type { tables } from '@/lib/warehouse/rows/agent';

/** Rows of one table of a customer's agent log; no chunk where there are none. */
export function chunkOf(
  { customerId, dataset }: { customerId: string; dataset: string },
  tableName: keyof typeof tables,
  rows: readonly object[],
): NewChunk[] {
  if (rows.length === 0) return [];
  const ndjson = rows.map(row => `${JSON.stringify(row)}\n`).join('');
  const chunkId = newId('chk');
  return [
    {
      chunkId,
      log: 'agent-log',
      dataset,
      tableName,
      customerId,
      mode: 'keyed',
      columns: {},
      ndjson,
      rows: rows.length,
    },
  ];
}

/**
 * What the loader is to bring to BigQuery of these entries; ids, users and the head of the chain are written. Entries of
 * customers that are gone leave nothing behind.
 */
export async function processAgentLog(tx: Tx, entries: readonly Entry[], clock = systemClock): Promise<NewChunk[]> {
  const byCustomer = Map.groupBy(entries.map(readEntry), ({ customerId }) => customerId);
  const datasets = await tenantDatasetsOf(tx, [...byCustomer.keys()]);
  if (datasets.size < byCustomer.size)
    log().warn({ customers: byCustomer.size - datasets.size }, 'agent logs of customers that are gone were left out');
  // Two shards hold entries of one customer, whose chain has one end.
  await takeLocks(tx, 'agentLog', [...datasets.keys()]);
  const chunks: NewChunk[] = [];
  for (const [customerId, dataset] of datasets) {
    const read: ReadEntry[] = byCustomer.get(customerId) ?? [];
    const of = { customerId, dataset: agentDatasetOf(dataset) };
    const sent = read.flatMap(({ events }) => events);
    const { events, chain } = await recordEvents(tx, customerId, sent, clock());
    const snapshots = read.flatMap(entry => entry.snapshots);
    chunks.push(
      ...chunkOf(of, 'chat_events', events),
      ...chunkOf(of, 'chat_event_chain', chain),
      ...chunkOf(of, 'repo_snapshots', snapshots),
    );
  }
  return chunks;
}

/** Events and snapshots on their way from the log to the spool. */
export const agentConsumer = defineConsumer({
  log: 'agent-log',
  name: 'agent-log',
  run: (tx, entries) => processAgentLog(tx, entries),
});
