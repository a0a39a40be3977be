/** Rows of an agent log that are still on their way to BigQuery: nothing that is not there yet is missing. */
import type { ChainRow } from '@/lib/domains/agent-log/chain/hashes';
import type { ChatEvent } from '@/lib/domains/agent-log/events';
import type { LogPlace } from '@/lib/domains/agent-log/verify/read-log';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import { waitingLines, waitingRows } from '@/lib/warehouse/ingest/spool/chunks';

const linesOf = ({ tenantDatasetId }: LogPlace, tableName: 'chat_events' | 'chat_event_chain') =>
  waitingLines({ dataset: agentDatasetOf(tenantDatasetId), tableName });

/** How many rows of events wait. */
export const waitingEvents = ({ tenantDatasetId }: LogPlace): Promise<number> =>
  waitingRows({ dataset: agentDatasetOf(tenantDatasetId), tableName: 'chat_events' });

/** The first row of the chain that waits; null where none does. */
export async function firstWaiting(place: LogPlace): Promise<ChainRow | null> {
  let first: ChainRow | null = null;
  for await (const line of linesOf(place, 'chat_event_chain')) {
    const row = JSON.parse(line) as ChainRow;
    if (!first || row.sequence < first.sequence) first = row;
  }
  return first;
}

/** Which of these events have a row that waits, of their own or of the chain. */
export async function waitingOf(place: LogPlace, eventIds: ReadonlySet<string>): Promise<Set<string>> {
  const found = new Set<string>();
  if (eventIds.size === 0) return found;
  for (const tableName of ['chat_events', 'chat_event_chain'] as const) {
    for await (const line of linesOf(place, tableName)) {
      const { event_id } = JSON.parse(line) as Pick<ChatEvent, 'event_id'>;
      if (eventIds.has(event_id)) found.add(event_id);
    }
  }
  return found;
}
