/** Writes what a subscription's new state means for its customer, in one transaction. Source: docs/architecture.md, Status. */
import { eq } from 'drizzle-orm';
import { changeProfile, type StoredProfile } from '@/lib/domains/customers/profile';
import { profileStatus, refusalReasonOf } from '@/lib/domains/customers/rules';
import type { Customer } from '@/lib/domains/customers/tables';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { subscriptionsMirror } from '@/lib/domains/subscriptions/mirror';
import { recordChange } from '@/lib/domains/subscriptions/plan-history';
import type { SubscriptionStatus } from '@/lib/domains/subscriptions/rules';
import { type ChangeCause, type Subscription, subscriptions } from '@/lib/domains/subscriptions/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';

/** Writes the profile's status and, from the same commit on, whether runs may start. `known` is the locked row. */
export async function storeProfile(
  tx: Tx,
  ctx: Ctx,
  known: Customer,
  facts: { suspended: boolean; subscriptionStatus: string; trialEndDate?: string | null },
): Promise<StoredProfile> {
  const status = profileStatus({
    suspended: facts.suspended,
    deletionRequested: known.deletionRequestedAt !== null,
    subscriptionStatus: facts.subscriptionStatus as SubscriptionStatus,
  });
  const stored = await changeProfile(tx, ctx, known.customerId, { status, trialEndDate: facts.trialEndDate });
  await applyLimits(tx, known.customerId, { refusalReason: refusalReasonOf(status) });
  return stored;
}

type Changes = { status: SubscriptionStatus } & Partial<
  Pick<Subscription, 'isTrial' | 'trialEndDate' | 'nextBillingDate'>
>;

/** Writes a subscription's new status with its history, profile and limits. Both rows are locked by the caller. */
export async function storeStatus(
  tx: Tx,
  ctx: Ctx,
  known: { customer: Customer; subscription: Subscription },
  changes: Changes,
  cause: ChangeCause,
): Promise<StoredProfile & { subscription: Subscription }> {
  const now = ctx.clock();
  const [subscription] = await tx
    .update(subscriptions)
    .set({ ...changes, updatedAt: now })
    .where(eq(subscriptions.subscriptionId, known.subscription.subscriptionId))
    .returning();
  if (!subscription) throw new Error('the subscription was not stored');
  const history = await recordChange(tx, known.subscription, subscription, cause, now);
  const stored = await storeProfile(tx, ctx, known.customer, {
    suspended: known.customer.status === 'SUSPENDED',
    subscriptionStatus: subscription.status,
    trialEndDate: changes.trialEndDate,
  });
  return { ...stored, subscription, mirror: [...stored.mirror, subscriptionsMirror.ref(subscription), ...history] };
}
