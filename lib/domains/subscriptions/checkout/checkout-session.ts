/** Checkout sessions of a customer: at most one is open, so that two tabs cannot buy twice. */
import Stripe from 'stripe';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import { asking, briefly, changing } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { priceIdOf } from '@/lib/domains/subscriptions/stripe/stripe-price';
import { env } from '@/lib/platform/env';
import { stripe } from '@/lib/platform/stripe';

export type Wanted = {
  customerId: string;
  stripeCustomerId: string;
  plan: PlanName;
  /** End of the trial that goes on; null where paying starts at once. */
  trialEnd: Date | null;
};

export type OpenSession = { id: string; url: string; expiresAt: Date; reused: boolean };

const seconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);

/** What tells sessions apart: one with other marks is for another plan or another trial. */
const marksOf = ({ customerId, plan, trialEnd }: Wanted) => ({
  customer_id: customerId,
  plan,
  trial_end: trialEnd ? String(seconds(trialEnd)) : '',
});

const opened = (session: Stripe.Checkout.Session, reused: boolean): OpenSession => {
  if (!session.url) throw new Error(`the Checkout session ${session.id} has no address`);
  return { id: session.id, url: session.url, expiresAt: new Date(session.expires_at * 1000), reused };
};

/** False where the session was paid in the meantime; one whose time was over meanwhile is as good as expired. */
async function expire(id: string): Promise<boolean> {
  try {
    await changing(() => stripe().checkout.sessions.expire(id, {}, briefly));
    return true;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    const { status } = await asking(() => stripe().checkout.sessions.retrieve(id, {}, briefly));
    if (status === 'open' || status === null) throw error;
    return status === 'expired';
  }
}

async function create(wanted: Wanted): Promise<OpenSession> {
  const { customerId, stripeCustomerId, plan, trialEnd } = wanted;
  const price = await priceIdOf(plan);
  const portal = env().PORTAL_URL.replace(/\/$/, '');
  const metadata = marksOf(wanted);
  const made = await changing(() =>
    stripe().checkout.sessions.create(
      {
        mode: 'subscription',
        customer: stripeCustomerId,
        client_reference_id: customerId,
        line_items: [{ price, quantity: 1 }],
        metadata,
        subscription_data: {
          metadata: { customer_id: customerId },
          ...(trialEnd
            ? {
                trial_end: seconds(trialEnd),
                // A card that is taken away before the trial ends leaves an open invoice, not a lost subscription.
                trial_settings: { end_behavior: { missing_payment_method: 'create_invoice' as const } },
              }
            : {}),
        },
        payment_method_collection: 'always',
        success_url: `${portal}/billing?checkout={CHECKOUT_SESSION_ID}`,
        cancel_url: `${portal}/billing`,
      },
      briefly,
    ),
  );
  return opened(made, false);
}

/** Paid, and its subscription is still to come. */
const isPaid = ({ mode, status, subscription }: Stripe.Checkout.Session): boolean =>
  mode === 'subscription' && status === 'complete' && !subscription;

/**
 * The one open session: the same one again for the same plan and trial, else a new one after all others are expired. Null
 * where one of them was paid in the meantime. Call it under withBillingLock.
 */
export async function openSession(wanted: Wanted): Promise<OpenSession | null> {
  const { data } = await asking(() =>
    stripe().checkout.sessions.list({ customer: wanted.stripeCustomerId, limit: 100 }, briefly),
  );
  if (data.some(isPaid)) return null;
  const open = data.filter(({ status }) => status === 'open');
  const marks = Object.entries(marksOf(wanted));
  const same = open.find(
    ({ url, metadata }) => url && marks.every(([name, value]) => (metadata?.[name] ?? '') === value),
  );
  for (const { id } of open) if (id !== same?.id && !(await expire(id))) return null;
  return same ? opened(same, true) : create(wanted);
}
