/** Adds rows to the end of a customer's chain. The caller holds the customer's lock `agentLog` until its transaction ends. */
import { eq } from 'drizzle-orm';
import { type ChainRow, chainHash, noHash } from '@/lib/domains/agent-log/chain/hashes';
import { instantText } from '@/lib/domains/agent-log/chain/times';
import { agentLogHeads } from '@/lib/domains/agent-log/tables';
import type { Db, Tx } from '@/lib/platform/db';

export type ChainHead = { sequence: number; chainHash: string; recordedAt: Date };

/** What a row is about; its number, time and hashes follow from its place. */
export type ChainItem = Pick<ChainRow, 'kind' | 'event_id' | 'event_timestamp' | 'user_ref' | 'content_hash'>;

/** The end of the customer's chain; null before its first row. */
export async function readHead(store: Db | Tx, customerId: string): Promise<ChainHead | null> {
  const { sequence, chainHash: hash, recordedAt } = agentLogHeads;
  const [head] = await store
    .select({ sequence, chainHash: hash, recordedAt })
    .from(agentLogHeads)
    .where(eq(agentLogHeads.customerId, customerId));
  return head ?? null;
}

/** The rows of these items behind the head; time does not go back where a clock does. */
function rowsAfter(head: ChainHead | null, items: readonly ChainItem[], recordedAt: Date): ChainRow[] {
  const recorded_at = instantText(recordedAt);
  let { sequence, chainHash: previous_hash } = head ?? { sequence: 0, chainHash: noHash };
  return items.map(item => {
    sequence += 1;
    const row = { sequence, recorded_at, ...item, previous_hash };
    const chain_hash = chainHash(row);
    previous_hash = chain_hash;
    return { ...row, chain_hash };
  });
}

/** Adds the items and moves the head; answers their rows. */
export async function extendChain(
  tx: Tx,
  customerId: string,
  items: readonly ChainItem[],
  at: Date,
): Promise<ChainRow[]> {
  const head = await readHead(tx, customerId);
  const recordedAt = head && head.recordedAt > at ? head.recordedAt : at;
  const rows = rowsAfter(head, items, recordedAt);
  const last = rows.at(-1);
  if (!last) return [];
  const columns = { sequence: last.sequence, chainHash: last.chain_hash, recordedAt };
  await tx
    .insert(agentLogHeads)
    .values({ customerId, ...columns })
    .onConflictDoUpdate({ target: agentLogHeads.customerId, set: columns });
  return rows;
}
