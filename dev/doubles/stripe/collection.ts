/** Collecting an invoice: which card is charged, and what follows when it is refused. */
import { changing, tell } from '@/dev/doubles/stripe/changes';
import { daySeconds, now } from '@/dev/doubles/stripe/clock';
import { declined, needsAction, StripeError } from '@/dev/doubles/stripe/errors';
import { subscriptionOf } from '@/dev/doubles/stripe/invoices/invoice-shape';
import { finalizeInvoice, markPaid } from '@/dev/doubles/stripe/invoices/invoices';
import { charge, type Outcome } from '@/dev/doubles/stripe/payments/payment-intents';
import type { StripeState } from '@/dev/doubles/stripe/state';
import { cancelNow } from '@/dev/doubles/stripe/subscriptions/subscription-cancel';
import { afterFailed } from '@/dev/doubles/stripe/subscriptions/subscription-payment';
import type { Invoice, Subscription } from '@/dev/doubles/stripe/wire';

/** Days from each failed attempt to the next; after the last one the account's setting decides. */
const retryDays = [1, 3, 5, 7];

/** The card that a subscription's invoices are charged to: its own, else the customer's. */
export function cardOf(state: StripeState, subscription: Pick<Subscription, 'customer' | 'default_payment_method'>) {
  const customer = state.customers[subscription.customer];
  return subscription.default_payment_method ?? customer?.invoice_settings.default_payment_method ?? null;
}

function cardOfInvoice(state: StripeState, invoice: Invoice): string | null {
  if (invoice.default_payment_method) return invoice.default_payment_method;
  const subscription = subscriptionOf(state, invoice);
  if (subscription) return cardOf(state, subscription);
  return state.customers[invoice.customer ?? '']?.invoice_settings.default_payment_method ?? null;
}

/** The last retry failed: cancelled, unpaid or left past due, as the account is set. */
function giveUp(state: StripeState, subscription: Subscription): void {
  const then = state.settings.afterLastRetry;
  if (then === 'cancel') cancelNow(state, subscription, { reason: 'payment_failed' });
  if (then !== 'unpaid') return;
  changing(state, 'customer.subscription.updated', subscription, () => {
    subscription.status = 'unpaid';
  });
}

/** Counts a failed attempt and says when the next is; incomplete subscriptions and pending updates are not retried. */
function countFailure(state: StripeState, invoice: Invoice, retried: boolean): boolean {
  const subscription = subscriptionOf(state, invoice);
  const isRetried = subscription?.status === 'past_due' || subscription?.status === 'active';
  invoice.attempt_count += retried || invoice.attempt_count === 0 ? 1 : 0;
  invoice.attempted = true;
  const waits = subscription?.pending_update && subscription.latest_invoice === invoice.id;
  if (!isRetried || waits || !invoice.auto_advance) {
    invoice.next_payment_attempt = null;
    return false;
  }
  const days = retryDays[invoice.attempt_count - 1];
  if (days === undefined) {
    invoice.next_payment_attempt = null;
    return true;
  }
  if (retried || invoice.attempt_count === 1)
    invoice.next_payment_attempt = now(state, invoice.customer) + days * daySeconds;
  return false;
}

export type CollectOptions = {
  /** Charge this card instead of the default one. */
  card?: string;
  /** The cardholder is there and approves what a bank asks. */
  confirmed?: boolean;
  /** By the retry schedule, not because somebody asked. */
  retry?: boolean;
};

/** Charges an open invoice. The answer says how it went; the events and the subscription follow from it. */
export function collect(state: StripeState, invoice: Invoice, options: CollectOptions = {}): Outcome {
  const outcome = charge(state, invoice, options.card ?? cardOfInvoice(state, invoice), options.confirmed);
  if (outcome === 'paid') {
    if (invoice.attempt_count === 0 || options.retry) invoice.attempt_count += 1;
    markPaid(state, invoice);
    return outcome;
  }
  let last = false;
  changing(state, 'invoice.updated', invoice, () => {
    last = countFailure(state, invoice, options.retry ?? false);
  });
  tell(state, 'invoice.payment_failed', invoice);
  if (outcome === 'action') tell(state, 'invoice.payment_action_required', invoice);
  const subscription = subscriptionOf(state, invoice);
  if (!subscription) return outcome;
  afterFailed(state, subscription);
  if (last && subscription.latest_invoice === invoice.id) giveUp(state, subscription);
  return outcome;
}

/** Finalizes a draft and, where it is charged automatically, charges it. */
export function finalizeAndCollect(state: StripeState, invoice: Invoice, options: CollectOptions = {}): void {
  finalizeInvoice(state, invoice);
  if (invoice.status === 'open' && invoice.collection_method === 'charge_automatically')
    collect(state, invoice, options);
}

/** A subscription that was told to keeps the card that paid. */
function saveCard(state: StripeState, invoice: Invoice, card: string | undefined): void {
  const subscription = subscriptionOf(state, invoice);
  if (!card || subscription?.payment_settings?.save_default_payment_method !== 'on_subscription') return;
  changing(state, 'customer.subscription.updated', subscription, () => {
    subscription.default_payment_method = card;
  });
}

/** Pays an invoice because somebody asked. Throws 400 for one that cannot be paid, 402 where the card is refused. */
export function payNow(
  state: StripeState,
  invoice: Invoice,
  options: CollectOptions & { outOfBand?: boolean } = {},
): void {
  if (invoice.status === 'draft') finalizeInvoice(state, invoice);
  if (invoice.status === 'paid') throw new StripeError(400, 'Invoice is already paid');
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw new StripeError(400, `You cannot pay an invoice with the status ${invoice.status}.`, {
      code: 'invoice_not_editable',
    });
  }
  if (options.outOfBand) {
    markPaid(state, invoice);
    return;
  }
  const card = options.card ?? cardOfInvoice(state, invoice);
  const outcome = collect(state, invoice, options);
  if (outcome === 'paid') {
    saveCard(state, invoice, options.card);
    return;
  }
  if (outcome === 'action') throw needsAction('invoice');
  if (outcome === 'declined') throw declined(state.cardBehaviours[card ?? ''] ?? 'declined');
  throw noCard();
}

/** Stripe's answer where there is nothing to charge. */
export const noCard = (): StripeError =>
  new StripeError(
    400,
    'This customer has no attached payment source or default payment method. Please consider adding a default payment method.',
    { code: 'resource_missing' },
  );
