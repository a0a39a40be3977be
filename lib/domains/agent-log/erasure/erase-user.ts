/** A user is to be erased from the agent log: what they said goes, what tools took and cost stays. The one exception to append-only. */
import { and, desc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { eraseUserInput } from '@/lib/domains/agent-log/erasure/input';
import { type AgentLogErasure, agentLogErasures, agentLogUsers } from '@/lib/domains/agent-log/tables';
import { forgetTracesOf } from '@/lib/domains/traces/collect/forget-owners';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import { takeLocks } from '@/lib/kernel/locks';
import { defineOperation } from '@/lib/kernel/operation';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';

/** Erasures that a list has at most, the newest first. */
const mostListed = 1_000;

export type ErasureView = {
  erasure_id: string;
  /** As events named the user; null once it is done. */
  user_id: string | null;
  /** How the log names the user from then on. */
  user_ref: string;
  state: AgentLogErasure['state'];
  /** Events whose content went. */
  events: number;
  requested_at: string;
  requested_by: string;
  done_at: string | null;
};

const viewOf = (erasure: AgentLogErasure): ErasureView => ({
  erasure_id: erasure.erasureId,
  user_id: erasure.userId,
  user_ref: erasure.userRef,
  state: erasure.state,
  events: erasure.events,
  requested_at: erasure.requestedAt.toISOString(),
  requested_by: erasure.requestedBy,
  done_at: erasure.doneAt?.toISOString() ?? null,
});

/** The erasure of this user that has not begun. */
async function requested(tx: Tx, customerId: string, userId: string): Promise<AgentLogErasure | undefined> {
  const { customerId: ofCustomer, userId: ofUser, state, sequence } = agentLogErasures;
  const isOpen = and(eq(ofCustomer, customerId), eq(ofUser, userId), eq(state, 'REQUESTED'), isNull(sequence));
  return (await tx.select().from(agentLogErasures).where(isOpen))[0];
}

/** A job carries it out within minutes. Asked for again before it has begun, it is the same one. AppError not_found. */
export const eraseUser = defineCommand({
  name: 'agent_log.erase_user',
  permission: 'agent-log:erase',
  input: eraseUserInput,
  run: async ({ ctx, tx, input }): Promise<Change<ErasureView>> => {
    const { customerId } = requireCustomer(ctx);
    await takeLocks(tx, 'agentLog', [customerId]);
    const open = await requested(tx, customerId, input.user_id);
    if (open) return { result: viewOf(open), unchanged: true };
    const isUser = and(eq(agentLogUsers.customerId, customerId), eq(agentLogUsers.userId, input.user_id));
    const [user] = await tx.select().from(agentLogUsers).where(isUser);
    if (!user) throw new AppError('not_found', 'The agent log has no events of this user.');
    // Spans of their traces that come alone from now on name nobody.
    await forgetTracesOf(tx, customerId, user.userId);
    const [erasure] = await tx
      .insert(agentLogErasures)
      .values({
        erasureId: newId('ale'),
        customerId,
        userRef: user.userRef,
        userId: user.userId,
        state: 'REQUESTED',
        requestedAt: ctx.clock(),
        requestedBy: actorLabel(ctx.actor),
      })
      .returning();
    if (!erasure) throw new Error('the erasure was not stored');
    // The audit log outlives what it tells of: it names the user as the log will.
    const { erasure_id, user_ref, state } = viewOf(erasure);
    return {
      result: viewOf(erasure),
      target: { type: 'agent_log_user', id: user_ref },
      before: null,
      after: { erasure_id, user_ref, state },
      mirror: [],
    };
  },
});

/** Erasures of users, the newest first. */
export const listErasures = defineOperation({
  name: 'agent_log.list_erasures',
  permission: 'agent-log:manage',
  input: z.strictObject({}),
  run: async ({ customerId }): Promise<{ erasures: ErasureView[] }> => {
    const rows = await db()
      .select()
      .from(agentLogErasures)
      .where(eq(agentLogErasures.customerId, customerId))
      .orderBy(desc(agentLogErasures.requestedAt))
      .limit(mostListed);
    return { erasures: rows.map(viewOf) };
  },
});
