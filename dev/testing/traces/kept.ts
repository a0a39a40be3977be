/** What the log of traces holds of a customer: rows, and what the door noted beside them. */
import { keptEntries, rowsOfEntry } from '@/dev/testing/ingest/kept-entries';
import type { TraceEntryMeta } from '@/lib/domains/traces/collect/entry-meta';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';

export type KeptTraces = { rows: TraceRow[]; metas: TraceEntryMeta[] };

/** All entries of the customer, in the order of their shards and positions. */
export async function keptTraces(customerId: string): Promise<KeptTraces> {
  const entries = await keptEntries('traces', customerId);
  return {
    rows: entries.flatMap(entry => rowsOfEntry<TraceRow>(entry)),
    metas: entries.map(({ meta }) => JSON.parse(meta) as TraceEntryMeta),
  };
}
