/** Lines of invoices: a period of an item, and the two halves of a proration. */

import { newId, type StripeState } from '@/dev/doubles/stripe/state';
import type { Period } from '@/dev/doubles/stripe/subscriptions/periods';
import type { InvoiceLine, Subscription, SubscriptionItem } from '@/dev/doubles/stripe/wire';

const productName = (state: StripeState, item: SubscriptionItem) =>
  state.products[item.price.product]?.name ?? 'Product';
const dollars = (cents: number | null) => `$${((cents ?? 0) / 100).toFixed(2)}`;
const day = (seconds: number) =>
  new Date(seconds * 1000).toLocaleDateString('en-GB', {
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });

type LineOptions = { amount: number; period: Period; description: string; proration: boolean };

export const fullAmount = (item: SubscriptionItem): number => (item.price.unit_amount ?? 0) * (item.quantity ?? 1);

function newLine(subscription: Subscription, item: SubscriptionItem, options: LineOptions): InvoiceLine {
  const { amount, period, description, proration } = options;
  const quantity = item.quantity ?? 1;
  const details = { invoice_item: proration ? newId('ii') : null, proration, proration_details: null };
  const unit = proration ? Math.round(amount / quantity) : (item.price.unit_amount ?? 0);
  return {
    id: newId('il'),
    object: 'line_item',
    amount,
    currency: subscription.currency,
    description,
    discount_amounts: [],
    discountable: !proration,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: subscription.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: { ...details, subscription: subscription.id, subscription_item: item.id },
      type: 'subscription_item_details',
    },
    period: { start: period.start, end: period.end },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: item.price.id, product: item.price.product },
      type: 'price_details',
      unit_amount_decimal: String(unit),
    },
    quantity,
    quantity_decimal: String(quantity),
    subscription: subscription.id,
    subtotal: amount,
    taxes: [],
  };
}

/** An item's whole period. */
export function periodLine(state: StripeState, subscription: Subscription, item: SubscriptionItem): InvoiceLine {
  const every = item.price.recurring?.interval ?? 'month';
  const description = `${item.quantity ?? 1} × ${productName(state, item)} (at ${dollars(item.price.unit_amount)} / ${every})`;
  const period = { start: item.current_period_start, end: item.current_period_end };
  return newLine(subscription, item, { amount: fullAmount(item), period, description, proration: false });
}

/** The free line of a trial. */
export function trialLine(state: StripeState, subscription: Subscription, item: SubscriptionItem): InvoiceLine {
  const period = { start: item.current_period_start, end: item.current_period_end };
  const description = `Trial period for ${productName(state, item)}`;
  return newLine(subscription, item, { amount: 0, period, description, proration: false });
}

/** The part of an item's period after `at`, credited (`sign` -1) or charged (1), to the second. */
export function prorationLine(
  state: StripeState,
  subscription: Subscription,
  item: SubscriptionItem,
  at: number,
  sign: 1 | -1,
): InvoiceLine {
  const { current_period_start: start, current_period_end: end } = item;
  const share = end > start ? Math.max(0, Math.min(1, (end - at) / (end - start))) : 0;
  const quantity = (item.quantity ?? 1) > 1 ? `${item.quantity} × ` : '';
  const description = `${sign < 0 ? 'Unused' : 'Remaining'} time on ${quantity}${productName(state, item)} after ${day(at)}`;
  // Rounded as an amount, then signed, so that a credit and a charge of the same time cancel out.
  const amount = sign * Math.round(fullAmount(item) * share) || 0;
  return newLine(subscription, item, { amount, period: { start: at, end }, description, proration: true });
}
