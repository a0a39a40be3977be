/** What the log of the agent log holds of a customer: rows, and what the door noted beside them. */
import { keptEntries, rowsOfEntry } from '@/dev/testing/ingest/kept-entries';
import type { AgentEntryMeta, ChatEvent, RepoSnapshot } from '@/lib/domains/agent-log/events';

export type KeptAgentLog = {
  rows: Partial<ChatEvent & RepoSnapshot>[];
  metas: AgentEntryMeta[];
  /** As they lie in the log. */
  bodies: string[];
};

/** All entries of the customer, in the order of their shards and positions. */
export async function keptAgentLog(customerId: string): Promise<KeptAgentLog> {
  const entries = await keptEntries('agent-log', customerId);
  return {
    rows: entries.flatMap(entry => rowsOfEntry<Partial<ChatEvent & RepoSnapshot>>(entry)),
    metas: entries.map(({ meta }) => JSON.parse(meta) as AgentEntryMeta),
    bodies: entries.map(({ body }) => body),
  };
}
