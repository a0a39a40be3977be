/** What the log of traces holds of a customer: rows, and what the door noted beside them. */
import type { TraceEntryMeta } from '@/lib/domains/traces/collect/entry-meta';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';

export type KeptTraces = { rows: TraceRow[]; metas: TraceEntryMeta[] };

/** All entries of the customer, in the order of their shards and positions. */
export async function keptTraces(customerId: string): Promise<KeptTraces> {
  const log = ingestLog('traces');
  const kept: KeptTraces = { rows: [], metas: [] };
  for (const shard of await log.shards()) {
    for (let after = 0; ; ) {
      const entries = await log.read(shard, after, { entries: 1_000, bytes: 50_000_000 });
      if (entries.length === 0) break;
      for (const { key, meta, body } of entries) {
        if (key !== customerId) continue;
        kept.metas.push(JSON.parse(meta) as TraceEntryMeta);
        for (const line of body.split('\n')) if (line !== '') kept.rows.push(JSON.parse(line) as TraceRow);
      }
      after = entries.at(-1)?.position ?? after;
    }
  }
  return kept;
}
