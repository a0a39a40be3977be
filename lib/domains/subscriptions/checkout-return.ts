/** Back from Stripe: what came of a Checkout session or of a visit to the portal, before the page is shown. */
import { syncSubscription } from '@/lib/domains/subscriptions/fetch';
import { subscriptionInForce } from '@/lib/domains/subscriptions/in-force';
import { checkoutSessionId } from '@/lib/domains/subscriptions/input';
import { readBilledCustomer } from '@/lib/domains/subscriptions/link-customer';
import { asking, briefly, isMissing } from '@/lib/domains/subscriptions/stripe-call';
import { authorise } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { stripe } from '@/lib/platform/stripe';

/**
 * settled: the plan bought is in force. pending: paid, Stripe is not done yet. flagged: paid, our support must look at it.
 * left: not paid, so Checkout may be opened again. unknown: no session of this organization.
 */
export type CheckoutOutcome = 'settled' | 'pending' | 'flagged' | 'left' | 'unknown';

/** Asks Stripe what came of a Checkout session and puts the subscription it made in force. AppError forbidden, payment_service_unavailable. */
export async function settleCheckout(ctx: CustomerCtx, sessionId: string): Promise<CheckoutOutcome> {
  await authorise(ctx, 'billing:write', 'subscription.settle_checkout');
  const { stripeCustomerId } = await readBilledCustomer(ctx.customerId);
  if (!checkoutSessionId.safeParse(sessionId).success || !stripeCustomerId) return 'unknown';
  const session = await asking(() => stripe().checkout.sessions.retrieve(sessionId, {}, briefly)).catch(error => {
    if (isMissing(error)) return null;
    throw error;
  });
  const payer = typeof session?.customer === 'string' ? session.customer : session?.customer?.id;
  if (!session || payer !== stripeCustomerId) return 'unknown';
  if (session.status !== 'complete') return 'left';
  const made = typeof session.subscription === 'string' ? session.subscription : session.subscription?.id;
  if (!made) return 'pending';
  return applied(await asking(() => syncSubscription(made, 'stripe', { ctx })));
}

type Synced = Awaited<ReturnType<typeof syncSubscription>>;

function applied({ outcome }: Synced): CheckoutOutcome {
  switch (outcome) {
    case 'applied':
    case 'unchanged':
      return 'settled';
    case 'flagged':
    case 'unknown_customer':
      return 'flagged';
    case 'not_in_force':
    case 'gone':
      return 'pending';
    default:
      return outcome satisfies never;
  }
}

/** Asks Stripe for the subscription in force, as after a visit to its portal. AppError forbidden, payment_service_unavailable. */
export async function refreshSubscription(ctx: CustomerCtx): Promise<void> {
  await authorise(ctx, 'billing:write', 'subscription.refresh');
  const { stripeSubscriptionId } = await subscriptionInForce(db(), ctx.customerId);
  if (stripeSubscriptionId) await asking(() => syncSubscription(stripeSubscriptionId, 'stripe', { ctx }));
}
