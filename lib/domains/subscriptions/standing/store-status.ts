/** Writes what a subscription's new state means for its customer, in one transaction. Source: docs/architecture.md, Status. */
import { eq } from 'drizzle-orm';
import type { StoredProfile } from '@/lib/domains/customers/profile';
import type { Customer } from '@/lib/domains/customers/tables';
import { subscriptionsMirror } from '@/lib/domains/subscriptions/mirror';
import { recordChange } from '@/lib/domains/subscriptions/plan-history';
import type { SubscriptionStatus } from '@/lib/domains/subscriptions/rules';
import { settleStanding } from '@/lib/domains/subscriptions/standing/settle-standing';
import { type ChangeCause, type Subscription, subscriptions } from '@/lib/domains/subscriptions/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';

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
  const stored = await settleStanding(tx, ctx, known.customer, { subscription });
  return { ...stored, subscription, mirror: [...stored.mirror, subscriptionsMirror.ref(subscription), ...history] };
}
