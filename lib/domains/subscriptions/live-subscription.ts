/** A customer's subscription as Stripe has it now, before it is changed. */
import type Stripe from 'stripe';
import type { ChangeableFacts } from '@/lib/domains/subscriptions/change-rules';
import { subscriptionInForce } from '@/lib/domains/subscriptions/in-force';
import { snapshotOf } from '@/lib/domains/subscriptions/snapshot';
import { isKnownStatus, isLive } from '@/lib/domains/subscriptions/status';
import { asking, briefly, isMissing } from '@/lib/domains/subscriptions/stripe-call';
import type { Subscription } from '@/lib/domains/subscriptions/tables';
import type { Db, Tx } from '@/lib/platform/db';
import { stripe } from '@/lib/platform/stripe';

/** What our rules ask of a subscription, and the ids that changing it takes. */
export type LiveSubscription = ChangeableFacts & {
  id: string;
  itemId: string;
  priceId: string;
  periodEnd: Date;
  trialEnd: Date | null;
  scheduleId: string | null;
};

function factsOf(subscription: Stripe.Subscription): LiveSubscription | null {
  const [item] = subscription.items.data;
  const { stripeStatus, cancelAt, periodEnd, trialEnd, stripeScheduleId } = snapshotOf(subscription);
  if (!item || !periodEnd) return null;
  return {
    id: subscription.id,
    stripeStatus,
    cancelAt,
    items: subscription.items.data.length,
    quantity: item.quantity ?? 1,
    itemId: item.id,
    priceId: item.price.id,
    periodEnd,
    trialEnd: stripeStatus === 'trialing' ? trialEnd : null,
    scheduleId: stripeScheduleId,
  };
}

export type InForce = { row: Subscription; live: LiveSubscription | null };

/** Our row in force, and its subscription in Stripe; null where there is none that Stripe goes on charging. */
export async function readLive(store: Db | Tx, customerId: string): Promise<InForce> {
  const row = await subscriptionInForce(store, customerId);
  const { stripeSubscriptionId } = row;
  if (!stripeSubscriptionId) return { row, live: null };
  const found = await asking(() => stripe().subscriptions.retrieve(stripeSubscriptionId, {}, briefly)).catch(error => {
    if (isMissing(error)) return null;
    throw error;
  });
  return { row, live: found && isLive(found.status) ? factsOf(found) : null };
}

/** The id of a subscription that Stripe goes on charging this customer for; statuses we do not know count. */
export async function findLiveSubscription(stripeCustomerId: string): Promise<string | null> {
  return asking(async () => {
    const all = stripe().subscriptions.list({ customer: stripeCustomerId, status: 'all', limit: 100 }, briefly);
    for await (const { id, status } of all) if (isLive(status) || !isKnownStatus(status)) return id;
    return null;
  });
}
