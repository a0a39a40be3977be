/**
 * Keeps what a subscription was: one row for each change of plan or status.
 * Source: docs/spec/requirements.md, C-62; docs/architecture.md, Billing.
 */
import { subscriptionChangesMirror } from '@/lib/domains/subscriptions/mirror';
import { type ChangeCause, type Subscription, subscriptionChanges } from '@/lib/domains/subscriptions/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

type Before = Pick<Subscription, 'planName' | 'status'> | null;

/** Appends the change and answers its mirror row; nothing where neither plan nor status differ. */
export async function recordChange(
  tx: Tx,
  before: Before,
  after: Subscription,
  cause: ChangeCause,
  changedAt: Date,
): Promise<MirrorRef[]> {
  if (before?.planName === after.planName && before.status === after.status) return [];
  const [row] = await tx
    .insert(subscriptionChanges)
    .values({
      changeId: newId('sch'),
      customerId: after.customerId,
      subscriptionId: after.subscriptionId,
      changedAt,
      fromPlan: before?.planName ?? null,
      toPlan: after.planName,
      fromStatus: before?.status ?? null,
      toStatus: after.status,
      cause,
    })
    .returning();
  return row ? [subscriptionChangesMirror.ref(row)] : [];
}
