/** A subscription as Stripe has it, with all that a snapshot reads; and the card that pays it. */
import { eq, sql } from 'drizzle-orm';
import Stripe from 'stripe';
import { customers } from '@/lib/domains/customers/tables';
import { isLive } from '@/lib/domains/subscriptions/status';
import { isMissing } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { idOf } from '@/lib/domains/subscriptions/sync/stripe-events';
import type { Tx } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';
import { stripe } from '@/lib/platform/stripe';

/** Two tries of 6 s stay under the 20 s after which Postgres ends a transaction that does nothing. */
export const whileLocked = { timeout: 6_000, maxNetworkRetries: 1 };

const expand = ['customer', 'default_payment_method', 'schedule.phases.items.price'];

/** The subscription with its customer, its own card and its schedule's prices; null where Stripe has none of this id. Throws Stripe's errors. */
export async function fetchSubscription(id: string): Promise<Stripe.Subscription | null> {
  try {
    return await stripe().subscriptions.retrieve(id, { expand }, whileLocked);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** A card that the customer made the default one, as an event told it. */
export type ChosenCard = { card: string; at: Date };

/** Whether the customer's default card was chosen after the one that the subscription is pinned to. */
async function isLater(chosen: string, pin: Stripe.PaymentMethod, told: ChosenCard | undefined): Promise<boolean> {
  if (told?.card === chosen) return Math.floor(told.at.getTime() / 1_000) >= pin.created;
  const card = await stripe()
    .paymentMethods.retrieve(chosen, {}, whileLocked)
    .catch(error => {
      if (isMissing(error)) return null;
      throw error;
    });
  return card !== null && card.created > pin.created;
}

/** What others sell in the same Stripe account is left alone. */
const isOurs = async (tx: Tx, stripeCustomerId: string): Promise<boolean> =>
  (await tx.$count(customers, eq(customers.stripeCustomerId, stripeCustomerId))) > 0;

/**
 * Has the card pay that the customer chose last: Checkout pins its card to the subscription, Stripe's portal only changes
 * the customer's default, which a pin overrides. Answers the subscription as it is then. The caller holds the lock of its
 * id. Throws Stripe's errors. See Stripe's documentation, Deep links in the customer portal.
 */
export async function followChosenCard(
  tx: Tx,
  subscription: Stripe.Subscription,
  told?: ChosenCard,
): Promise<Stripe.Subscription> {
  const { id, status, customer, default_payment_method: pin } = subscription;
  if (!isLive(status) || !pin || typeof pin === 'string') return subscription;
  if (typeof customer === 'string' || customer.deleted) return subscription;
  const chosen = idOf(customer.invoice_settings?.default_payment_method);
  if (!chosen || chosen === pin.id || !(await isOurs(tx, customer.id))) return subscription;
  // Stripe is asked several times from here on, without a statement between them.
  await tx.execute(sql`SET LOCAL idle_in_transaction_session_timeout = '60s'`);
  if (!(await isLater(chosen, pin, told))) return subscription;
  try {
    return await stripe().subscriptions.update(id, { default_payment_method: '', expand }, whileLocked);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    log().warn({ err: error, subscription: id }, 'a subscription stays pinned to its former card');
    return subscription;
  }
}
