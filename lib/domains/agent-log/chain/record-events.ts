/** Records a customer's events, each once: those seen before are left out, the others get their place in the chain. */
import { sql } from 'drizzle-orm';
import { extendChain } from '@/lib/domains/agent-log/chain/extend-chain';
import { type ChainRow, eventHash, eventSalt } from '@/lib/domains/agent-log/chain/hashes';
import { usersOf } from '@/lib/domains/agent-log/chain/users';
import type { ChatEvent } from '@/lib/domains/agent-log/events';
import type { Tx } from '@/lib/platform/db';

export type Recorded = {
  /** Events that were not known, in the order in which they came, and the row of the chain of each. */
  events: ChatEvent[];
  chain: ChainRow[];
};

/** The events whose ids were not seen in the last days; their ids are noted. */
async function unseen(tx: Tx, customerId: string, events: readonly ChatEvent[], at: Date): Promise<ChatEvent[]> {
  const byId = new Map<string, ChatEvent>();
  for (const event of events) if (!byId.has(event.event_id)) byId.set(event.event_id, event);
  const { rows } = await tx.execute<{ event_id: string }>(sql`
    INSERT INTO agent_log_event_ids (customer_id, event_id, recorded_at)
    SELECT ${customerId}, event_id, ${at.toISOString()}::timestamptz FROM unnest(${sql.param([...byId.keys()])}::uuid[]) AS event_id
    ON CONFLICT (customer_id, event_id) DO NOTHING
    RETURNING event_id`);
  const fresh = new Set(rows.map(row => row.event_id));
  return [...byId.values()].filter(({ event_id }) => fresh.has(event_id));
}

/** The caller holds the customer's lock `agentLog`, and hands on what it answers in the same transaction. */
export async function recordEvents(
  tx: Tx,
  customerId: string,
  given: readonly ChatEvent[],
  at: Date,
): Promise<Recorded> {
  const events = await unseen(tx, customerId, given, at);
  if (events.length === 0) return { events, chain: [] };
  const users = await usersOf(tx, customerId, [...new Set(events.map(({ user_id }) => user_id))]);
  const items = events.map(event => {
    const { event_id, event_timestamp, user_id } = event;
    const user = users.get(user_id);
    if (!user) throw new Error('a user of the agent log was not made');
    const content_hash = eventHash(eventSalt(user.salt, event_id), event);
    return { kind: 'event' as const, event_id, event_timestamp, user_ref: user.userRef, content_hash };
  });
  return { events, chain: await extendChain(tx, customerId, items, at) };
}
