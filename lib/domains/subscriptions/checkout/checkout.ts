/**
 * Starting to pay: a session of Stripe's Checkout for an organization without a subscription.
 * Source: docs/architecture.md, Billing.
 */

import { readCustomer } from '@/lib/domains/customers/profile';
import { trialToPassOn } from '@/lib/domains/subscriptions/change/change-rules';
import { findLiveSubscription } from '@/lib/domains/subscriptions/change/live-subscription';
import { type OpenSession, openSession } from '@/lib/domains/subscriptions/checkout/checkout-session';
import { checkoutInput } from '@/lib/domains/subscriptions/input';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import { withBillingLock } from '@/lib/domains/subscriptions/stripe/billing-lock';
import { linkStripeCustomer } from '@/lib/domains/subscriptions/stripe/link-customer';
import { asking, changing } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { syncInTurn } from '@/lib/domains/subscriptions/sync/fetch';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

export type Checkout = { url: string; expires_at: Date };

type Prepared = { session: OpenSession; subscriptionId: string; trialEnd: Date | null };

async function prepareCheckout(ctx: CustomerCtx, plan: PlanName): Promise<Prepared> {
  const customer = await readCustomer(ctx.customerId);
  if (customer.deletionRequestedAt)
    throw new AppError('conflict', 'This organization is about to be erased. Restore it before you choose a plan.');
  const stripeCustomerId = await changing(() => linkStripeCustomer(customer));
  const attempt = await withBillingLock(ctx.customerId, async (tx): Promise<Prepared | { live: string | null }> => {
    const live = await findLiveSubscription(stripeCustomerId);
    if (live) return { live };
    const row = await currentSubscription(tx, ctx.customerId);
    const isTrial = row.status === 'TRIAL' && row.stripeSubscriptionId === null;
    const trialEnd = isTrial ? trialToPassOn(row.trialEndDate, ctx.clock()) : null;
    const session = await openSession({ customerId: ctx.customerId, stripeCustomerId, plan, trialEnd });
    if (!session) return { live: await findLiveSubscription(stripeCustomerId) };
    return { session, subscriptionId: row.subscriptionId, trialEnd };
  });
  if ('session' in attempt) return attempt;
  const { live } = attempt;
  if (live) await asking(() => syncInTurn(ctx, live));
  throw new AppError('conflict', 'There is a paid plan already. Reload the page to see it; nothing was charged again.');
}

/**
 * Opens Checkout for a plan: answers its address, the same one for a repeated call, so that double clicks and two tabs
 * make one subscription. What is left of the trial goes on. AppError conflict with a subscription or a deletion under
 * way, payment_service_unavailable.
 */
export const startCheckout = defineCommand({
  name: 'subscription.start_checkout',
  permission: 'billing:write',
  input: checkoutInput,
  prepare: ({ ctx, input }) => prepareCheckout(requireCustomer(ctx), input.plan),
  run: async ({ input, prepared }): Promise<Change<Checkout>> => {
    const { session, subscriptionId, trialEnd } = prepared;
    const result = { url: session.url, expires_at: session.expiresAt };
    if (session.reused) return { result, unchanged: true };
    return {
      result,
      target: { type: 'subscription', id: subscriptionId },
      before: null,
      after: { plan: input.plan, checkout_session: session.id, trial_end: trialEnd },
      mirror: [],
    };
  },
});
