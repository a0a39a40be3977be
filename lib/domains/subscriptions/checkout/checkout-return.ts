/** Back from Stripe: what came of a Checkout session or of a visit to the portal, before the page is shown. */
import type Stripe from 'stripe';
import { readCustomer } from '@/lib/domains/customers/profile';
import { checkoutSessionId } from '@/lib/domains/subscriptions/input';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { asking, briefly, isMissing } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { type SyncOutcome, syncInTurn } from '@/lib/domains/subscriptions/sync/fetch';
import { idOf } from '@/lib/domains/subscriptions/sync/stripe-events';
import { authorise } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { stripe } from '@/lib/platform/stripe';

/**
 * settled: the plan bought is current. pending: paid, Stripe is not done yet. flagged: paid, our support must look at it.
 * left: not paid, so Checkout may be opened again. unknown: no session of this organization, or one of a former plan.
 */
export type CheckoutOutcome = 'settled' | 'pending' | 'flagged' | 'left' | 'unknown';

/**
 * Asks Stripe what came of a Checkout session and applies the subscription it made. AppError forbidden, conflict,
 * payment_service_unavailable.
 */
export async function settleCheckout(ctx: CustomerCtx, sessionId: string): Promise<CheckoutOutcome> {
  await authorise(ctx, 'billing:write', 'subscription.settle_checkout');
  const { stripeCustomerId } = await readCustomer(ctx.customerId);
  if (!checkoutSessionId.safeParse(sessionId).success || !stripeCustomerId) return 'unknown';
  const session = await asking(() =>
    stripe().checkout.sessions.retrieve(sessionId, { expand: ['subscription'] }, briefly),
  ).catch(error => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (!session || idOf(session.customer) !== stripeCustomerId) return 'unknown';
  if (session.status !== 'complete') return 'left';
  const made = idOf(session.subscription);
  if (!made) return 'pending';
  const { outcome } = await asking(() => syncInTurn(ctx, made));
  return cameTo(outcome, session.subscription);
}

function cameTo(outcome: SyncOutcome, made: Stripe.Checkout.Session['subscription']): CheckoutOutcome {
  switch (outcome) {
    case 'applied':
    case 'unchanged':
      return 'settled';
    case 'flagged':
    case 'unknown_customer':
      return 'flagged';
    case 'not_current': {
      // Its first payment is not through yet; any other one is over and was followed by another plan.
      const isBegun = made !== null && typeof made !== 'string' && made.status === 'incomplete';
      return isBegun ? 'pending' : 'unknown';
    }
    case 'gone':
      return 'pending';
    default:
      return outcome satisfies never;
  }
}

/**
 * Asks Stripe for the current subscription, as after a visit to its portal. AppError forbidden, conflict,
 * payment_service_unavailable.
 */
export async function refreshSubscription(ctx: CustomerCtx): Promise<void> {
  await authorise(ctx, 'billing:write', 'subscription.refresh');
  const { stripeSubscriptionId } = await currentSubscription(db(), ctx.customerId);
  if (stripeSubscriptionId) await asking(() => syncInTurn(ctx, stripeSubscriptionId));
}
