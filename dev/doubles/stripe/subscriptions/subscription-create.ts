/** Making a subscription: its items, its trial, its first invoice and whether that can be paid. */
import { tell } from '@/dev/doubles/stripe/changes';
import { now } from '@/dev/doubles/stripe/clock';
import { cardOf, finalizeAndCollect, noCard } from '@/dev/doubles/stripe/collection';
import { declined, missing, needsAction, StripeError } from '@/dev/doubles/stripe/errors';
import { fullAmount, periodLine, trialLine } from '@/dev/doubles/stripe/invoices/invoice-lines';
import { draftInvoice, settle } from '@/dev/doubles/stripe/invoices/invoice-shape';
import { finalizeInvoice, keepInvoice } from '@/dev/doubles/stripe/invoices/invoices';
import { outcomeOf } from '@/dev/doubles/stripe/payments/payment-intents';
import { newId, type StripeState } from '@/dev/doubles/stripe/state';
import { anchoredEnd, monthly } from '@/dev/doubles/stripe/subscriptions/periods';
import { setCancel } from '@/dev/doubles/stripe/subscriptions/subscription-cancel';
import { type Create, recurringPrice, trialEndOf } from '@/dev/doubles/stripe/subscriptions/subscription-params';
import { warnOfTrialEnd } from '@/dev/doubles/stripe/subscriptions/subscription-renewal';
import {
  flexibleMode,
  itemList,
  newItem,
  plainSubscription,
} from '@/dev/doubles/stripe/subscriptions/subscription-shape';
import { assignPlain } from '@/dev/doubles/stripe/subscriptions/subscription-update';
import type { Customer, Subscription } from '@/dev/doubles/stripe/wire';

function checkGiven(given: Create): void {
  if (given.collection_method === 'send_invoice' && given.days_until_due === undefined) {
    const text = 'If a subscription is set to bill `send_invoice`, you must pass `days_until_due`.';
    throw new StripeError(400, text, { param: 'days_until_due' });
  }
  if (given.payment_behavior === 'pending_if_incomplete') {
    const text = '`pending_if_incomplete` can only be used when updating a subscription.';
    throw new StripeError(400, text, { param: 'payment_behavior' });
  }
}

/** The subscription as it would be, with the status it has once paid. */
export function draftSubscription(
  state: StripeState,
  customer: Customer,
  given: Omit<Create, 'customer'>,
): Subscription {
  const at = now(state, customer.id);
  const trialEnd = trialEndOf(given, at);
  const anchor = given.billing_cycle_anchor ?? trialEnd ?? at;
  const subscription = plainSubscription(state, newId('sub'), customer);
  const items = given.items.map((item, index) => {
    const price = recurringPrice(state, item.price, `items[${index}][price]`);
    const end = trialEnd ?? anchoredEnd(anchor, at, price.recurring ?? monthly);
    return newItem(subscription.id, price, item, { start: at, end }, at);
  });
  if (new Set(items.map(item => item.price.id)).size < items.length) {
    throw new StripeError(400, 'Cannot add multiple subscription items with the same plan.', { param: 'items' });
  }
  Object.assign(subscription, {
    items: itemList(subscription.id, items),
    currency: items[0]?.price.currency ?? 'usd',
    billing_cycle_anchor: anchor,
    billing_mode: given.billing_mode?.type === 'classic' ? { flexible: null, type: 'classic' } : { ...flexibleMode },
    ...(trialEnd === null ? {} : { status: 'trialing', trial_end: trialEnd, trial_start: at }),
  });
  return subscription;
}

/** The status that a first payment leaves. Throws 400 without a card, and 402 where an error was asked for. */
function firstStatus(state: StripeState, subscription: Subscription, given: Create): Subscription['status'] {
  if (subscription.status === 'trialing' || subscription.collection_method === 'send_invoice')
    return subscription.status;
  const total = subscription.items.data.reduce((sum, item) => sum + fullAmount(item), 0);
  if (settle(total, state.customers[subscription.customer]?.balance ?? 0).due === 0) return 'active';
  if (given.payment_behavior === 'default_incomplete') return 'incomplete';
  const card = cardOf(state, subscription);
  const outcome = outcomeOf(state, card);
  if (outcome === 'paid') return 'active';
  if (outcome === 'no_card') throw noCard();
  if (given.payment_behavior !== 'error_if_incomplete') return 'incomplete';
  if (outcome === 'action') throw needsAction('subscription');
  throw declined(state.cardBehaviours[card ?? ''] ?? 'declined');
}

function billFirst(state: StripeState, subscription: Subscription, given: Create): void {
  const line = subscription.status === 'trialing' ? trialLine : periodLine;
  const lines = subscription.items.data.map(item => line(state, subscription, item));
  const invoice = draftInvoice(state, subscription, { reason: 'subscription_create', lines });
  subscription.latest_invoice = invoice.id;
  tell(state, 'customer.subscription.created', subscription);
  keepInvoice(state, invoice);
  if (given.payment_behavior === 'default_incomplete') finalizeInvoice(state, invoice);
  else finalizeAndCollect(state, invoice);
}

/** Makes a subscription. Throws as Stripe does, with nothing made. */
export function createSubscription(state: StripeState, given: Create): Subscription {
  const customer = state.customers[given.customer];
  if (!customer) throw missing('customer', given.customer, 'customer');
  checkGiven(given);
  const subscription = draftSubscription(state, customer, given);
  assignPlain(state, subscription, given);
  setCancel(state, subscription, given);
  subscription.status = firstStatus(state, subscription, given);
  state.subscriptions[subscription.id] = subscription;
  customer.currency ??= subscription.currency;
  billFirst(state, subscription, given);
  warnOfTrialEnd(state, subscription);
  return subscription;
}
