/** What Postgres knows of the users that a chain names: their salts, and who of them was erased. */
import { and, eq, inArray } from 'drizzle-orm';
import { type ErasureStatement, statementHash } from '@/lib/domains/agent-log/chain/hashes';
import { type AgentLogErasure, agentLogErasures, agentLogUsers } from '@/lib/domains/agent-log/tables';
import { db } from '@/lib/platform/db';

export const erasuresOf = (customerId: string): Promise<AgentLogErasure[]> =>
  db().select().from(agentLogErasures).where(eq(agentLogErasures.customerId, customerId));

/** What an erasure's row in the chain is the hash of. */
export const statementOf = ({ erasureId, userRef, requestedAt }: AgentLogErasure): ErasureStatement => ({
  erasure_id: erasureId,
  user_ref: userRef,
  requested_at: requestedAt.toISOString(),
});

/** Whether the erasure is the one that a row of the chain names. */
export const isErasureOf = (
  erasure: AgentLogErasure,
  row: { sequence: number; user_ref: string; content_hash: string },
): boolean =>
  erasure.sequence === row.sequence &&
  erasure.userRef === row.user_ref &&
  statementHash(statementOf(erasure)) === row.content_hash;

/** Salts of users by our names for them. */
export async function saltsOf(customerId: string, userRefs: readonly string[]): Promise<Map<string, Buffer>> {
  const { userRef, salt } = agentLogUsers;
  const rows = await db()
    .select({ userRef, salt })
    .from(agentLogUsers)
    .where(and(eq(agentLogUsers.customerId, customerId), inArray(userRef, [...userRefs])));
  return new Map(rows.map(row => [row.userRef, row.salt]));
}
