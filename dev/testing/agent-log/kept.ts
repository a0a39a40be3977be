/** What the log of the agent log holds of a customer: rows, and what the door noted beside them. */
import type { AgentEntryMeta, ChatEvent, RepoSnapshot } from '@/lib/domains/agent-log/events';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';

export type KeptAgentLog = {
  rows: Partial<ChatEvent & RepoSnapshot>[];
  metas: AgentEntryMeta[];
  /** As they lie in the log. */
  bodies: string[];
};

/** All entries of the customer, in the order of their shards and positions. */
export async function keptAgentLog(customerId: string): Promise<KeptAgentLog> {
  const log = ingestLog('agent-log');
  const kept: KeptAgentLog = { rows: [], metas: [], bodies: [] };
  for (const shard of await log.shards()) {
    for (let after = 0; ; ) {
      const entries = await log.read(shard, after, { entries: 1_000, bytes: 50_000_000 });
      if (entries.length === 0) break;
      for (const { key, meta, body } of entries) {
        if (key !== customerId) continue;
        kept.metas.push(JSON.parse(meta) as AgentEntryMeta);
        kept.bodies.push(body);
        for (const line of body.split('\n')) if (line !== '') kept.rows.push(JSON.parse(line) as ChatEvent);
      }
      after = entries.at(-1)?.position ?? after;
    }
  }
  return kept;
}
