/** A customer's subscription as Stripe has it now, before it is changed. */
import type Stripe from 'stripe';
import type { ChangeableFacts } from '@/lib/domains/subscriptions/change/change-rules';
import { type PendingUpdate, pendingUpdateOf } from '@/lib/domains/subscriptions/change/pending-upgrade';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import { isKnownStatus, isLive } from '@/lib/domains/subscriptions/status';
import { asking, briefly, isMissing } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { snapshotOf } from '@/lib/domains/subscriptions/sync/snapshot';
import type { Subscription } from '@/lib/domains/subscriptions/tables';
import type { Db, Tx } from '@/lib/platform/db';
import { stripe } from '@/lib/platform/stripe';

/** What our rules ask of a subscription, and the ids that changing it takes. */
export type LiveSubscription = ChangeableFacts & {
  id: string;
  itemId: string;
  priceId: string;
  /** Null where the price is not one of ours. */
  plan: PlanName | null;
  periodEnd: Date;
  trialEnd: Date | null;
  scheduleId: string | null;
  pending: PendingUpdate | null;
};

function factsOf(subscription: Stripe.Subscription): LiveSubscription | null {
  const [item] = subscription.items.data;
  const { stripeStatus, cancelAt, plan, periodEnd, trialEnd, stripeScheduleId } = snapshotOf(subscription);
  if (!item || !periodEnd) return null;
  return {
    id: subscription.id,
    stripeStatus,
    cancelAt,
    items: subscription.items.data.length,
    quantity: item.quantity ?? 1,
    itemId: item.id,
    priceId: item.price.id,
    plan,
    periodEnd,
    trialEnd: stripeStatus === 'trialing' ? trialEnd : null,
    scheduleId: stripeScheduleId,
    pending: pendingUpdateOf(subscription),
  };
}

export type CurrentSubscription = { row: Subscription; live: LiveSubscription | null };

/** The subscription now; null where Stripe does not go on charging it. AppError payment_service_unavailable. */
export async function fetchLive(stripeSubscriptionId: string): Promise<LiveSubscription | null> {
  const found = await asking(() => stripe().subscriptions.retrieve(stripeSubscriptionId, {}, briefly)).catch(error => {
    if (isMissing(error)) return null;
    throw error;
  });
  return found && isLive(found.status) ? factsOf(found) : null;
}

/** Our current row, and its subscription in Stripe; null where there is none that Stripe goes on charging. */
export async function readLive(store: Db | Tx, customerId: string): Promise<CurrentSubscription> {
  const row = await currentSubscription(store, customerId);
  return { row, live: row.stripeSubscriptionId ? await fetchLive(row.stripeSubscriptionId) : null };
}

/** The id of a subscription that Stripe goes on charging this customer for; statuses we do not know count. */
export async function findLiveSubscription(stripeCustomerId: string): Promise<string | null> {
  return asking(async () => {
    const all = stripe().subscriptions.list({ customer: stripeCustomerId, status: 'all', limit: 100 }, briefly);
    for await (const { id, status } of all) if (isLive(status) || !isKnownStatus(status)) return id;
    return null;
  });
}
