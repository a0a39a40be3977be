/** The beginning of an erasure: from its row in the chain on, events of this user are those of somebody new. */
import { and, eq } from 'drizzle-orm';
import { extendChain } from '@/lib/domains/agent-log/chain/extend-chain';
import { statementHash } from '@/lib/domains/agent-log/chain/hashes';
import { agentConsumer, chunkOf } from '@/lib/domains/agent-log/process/agent-consumer';
import { agentSizes } from '@/lib/domains/agent-log/rules';
import { type AgentLogErasure, agentLogErasures, agentLogUsers } from '@/lib/domains/agent-log/tables';
import { statementOf } from '@/lib/domains/agent-log/verify/known-users';
import { takeLocks } from '@/lib/kernel/locks';
import { db } from '@/lib/platform/db';
import { hasConsumed } from '@/lib/warehouse/ingest/spool/consume';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';

/** A user id that no event can have: it is longer than those that are taken. */
const hiddenId = (userRef: string): string => userRef.padEnd(agentSizes.idSigns + 1, ' ');

/** Writes the erasure into the chain, once; answers it as it is then, null where its customer is gone. */
async function writeDown(given: AgentLogErasure, dataset: string, at: Date): Promise<AgentLogErasure | null> {
  const { customerId, erasureId, userRef } = given;
  return db().transaction(async tx => {
    await takeLocks(tx, 'agentLog', [customerId]);
    const ofErasure = eq(agentLogErasures.erasureId, erasureId);
    const [erasure] = await tx.select().from(agentLogErasures).where(ofErasure);
    if (!erasure || erasure.sequence !== null) return erasure ?? null;
    const content_hash = statementHash(statementOf(erasure));
    const item = { kind: 'erasure' as const, event_id: null, event_timestamp: null, user_ref: userRef, content_hash };
    const chain = await extendChain(tx, customerId, [item], at);
    await writeChunks(tx, chunkOf({ customerId, dataset }, 'chat_event_chain', chain));
    // The salt stays until the content is gone, so that until then a change would be found.
    await tx
      .update(agentLogUsers)
      .set({ userId: hiddenId(userRef) })
      .where(and(eq(agentLogUsers.customerId, customerId), eq(agentLogUsers.userRef, userRef)));
    const [begun] = await tx
      .update(agentLogErasures)
      .set({ sequence: chain[0]?.sequence ?? null })
      .where(ofErasure)
      .returning();
    return begun ?? null;
  });
}

/** Begins the erasure once all that was taken before it was asked for is recorded; null while it is not. */
export async function beginErasure(
  erasure: AgentLogErasure,
  dataset: string,
  at: Date,
): Promise<AgentLogErasure | null> {
  if (erasure.sequence !== null) return erasure;
  if (!(await hasConsumed(agentConsumer, erasure.requestedAt))) return null;
  return writeDown(erasure, dataset, at);
}
