/** Subscriptions of the Stripe double: made with a trial, read, listed. */
import { z } from 'zod';
import { missing, StripeError } from '@/lib/local/stripe/errors';
import { page, paging } from '@/lib/local/stripe/lists';
import { integer, metadata, parseParams } from '@/lib/local/stripe/params';
import type { Route } from '@/lib/local/stripe/router';
import { newId, nowSeconds, type StripeState } from '@/lib/local/stripe/state';
import type { Customer, Price, Subscription, SubscriptionItem } from '@/lib/local/stripe/wire';

const daySeconds = 86_400;
const statuses = [
  'active',
  'past_due',
  'unpaid',
  'canceled',
  'incomplete',
  'incomplete_expired',
  'trialing',
  'paused',
] as const;
const createParams = {
  customer: z.string(),
  items: z
    .array(z.strictObject({ price: z.string(), quantity: integer.optional(), metadata: metadata.optional() }))
    .min(1)
    .max(20),
  trial_period_days: integer.optional(),
  trial_end: z.union([z.literal('now'), integer]).optional(),
  trial_settings: z
    .strictObject({
      end_behavior: z.strictObject({ missing_payment_method: z.enum(['cancel', 'create_invoice', 'pause']) }),
    })
    .optional(),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  days_until_due: integer.optional(),
  metadata: metadata.optional(),
};
type Create = z.output<z.ZodObject<typeof createParams>>;
type Period = { start: number; end: number };

/** End of the trial in seconds, or null without one. */
function trialEndOf(given: Create, now: number): number | null {
  if (given.trial_end !== undefined && given.trial_period_days !== undefined) {
    throw new StripeError(400, 'You may only specify one of these parameters: trial_end, trial_period_days.');
  }
  if (given.trial_period_days !== undefined)
    return given.trial_period_days > 0 ? now + given.trial_period_days * daySeconds : null;
  if (given.trial_end === undefined || given.trial_end === 'now') return null;
  if (given.trial_end <= now)
    throw new StripeError(400, 'Invalid timestamp: must be in the future.', { param: 'trial_end' });
  return given.trial_end;
}

/** The end of a price's interval that begins at `start`; a month's end never runs into the month after. */
export function periodEnd(start: number, { interval, interval_count: count }: NonNullable<Price['recurring']>): number {
  if (interval === 'day' || interval === 'week') return start + count * daySeconds * (interval === 'week' ? 7 : 1);
  const from = new Date(start * 1000);
  const months = from.getUTCMonth() + count * (interval === 'year' ? 12 : 1);
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const end = new Date(from);
  end.setUTCMonth(months, Math.min(from.getUTCDate(), lastDay));
  return Math.floor(end.getTime() / 1000);
}

/** The older form of a price, which every item still carries. */
function planOf(price: Price): SubscriptionItem['plan'] {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  };
}

function newItem(subscription: string, price: Price, given: Create['items'][number], period: Period): SubscriptionItem {
  return {
    id: newId('si', 7),
    object: 'subscription_item',
    billing_thresholds: null,
    created: nowSeconds(),
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: given.metadata ?? {},
    plan: planOf(price),
    price,
    quantity: given.quantity ?? 1,
    subscription,
    tax_rates: [],
  };
}

function pricesOf(state: StripeState, given: Create): Price[] {
  return given.items.map(({ price: id }, index) => {
    const price = state.prices[id];
    if (!price) throw missing('price', id, `items[${index}][price]`);
    if (price.recurring && price.active) return price;
    const text = price.active ? 'The price specified is not recurring.' : `The price specified is inactive.`;
    throw new StripeError(400, text, { param: `items[${index}][price]` });
  });
}

/** What a subscription without payment, discounts, taxes or schedules looks like. */
function plainSubscription(customer: Customer, now: number) {
  return {
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: null, type: 'classic' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: now,
    customer: customer.id,
    customer_account: null,
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: 'off' },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    test_clock: null,
    transfer_data: null,
  } satisfies Partial<Subscription>;
}

function createSubscription(state: StripeState, given: Create): Subscription {
  const customer = state.customers[given.customer];
  if (!customer) throw missing('customer', given.customer, 'customer');
  const prices = pricesOf(state, given);
  const now = nowSeconds();
  const trialEnd = trialEndOf(given, now);
  const byInvoice = given.collection_method === 'send_invoice';
  if (byInvoice && given.days_until_due === undefined) {
    throw new StripeError(400, 'If a subscription is set to bill `send_invoice`, you must pass `days_until_due`.', {
      param: 'days_until_due',
    });
  }
  if (trialEnd === null && !byInvoice && !customer.invoice_settings.default_payment_method) {
    const text = 'This customer has no attached payment source or default payment method.';
    throw new StripeError(400, text, { code: 'resource_missing' });
  }
  const id = newId('sub');
  const items = prices.map((price, index) => {
    const end =
      trialEnd ??
      periodEnd(
        now,
        price.recurring ?? {
          interval: 'month',
          interval_count: 1,
          meter: null,
          trial_period_days: null,
          usage_type: 'licensed',
        },
      );
    return newItem(id, price, given.items[index] ?? { price: price.id }, { start: now, end });
  });
  const subscription: Subscription = {
    ...plainSubscription(customer, now),
    ...(byInvoice ? { collection_method: 'send_invoice' as const, days_until_due: given.days_until_due ?? null } : {}),
    id,
    billing_cycle_anchor: trialEnd ?? now,
    currency: prices[0]?.currency ?? 'usd',
    items: { object: 'list', data: items, has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    metadata: given.metadata ?? {},
    status: trialEnd === null ? 'active' : 'trialing',
    trial_end: trialEnd,
    trial_settings: {
      end_behavior: {
        billing_cycle_anchor: null,
        missing_payment_method: given.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
      },
    },
    trial_start: trialEnd === null ? null : now,
  };
  state.subscriptions[id] = subscription;
  customer.currency ??= subscription.currency;
  return subscription;
}

const listFilters = {
  customer: z.string().optional(),
  price: z.string().optional(),
  status: z.enum([...statuses, 'all', 'ended']).optional(),
};

function hasStatus(subscription: Subscription, wanted: z.output<typeof listFilters.status>): boolean {
  if (wanted === 'all') return true;
  if (wanted === 'ended') return ['canceled', 'incomplete_expired'].includes(subscription.status);
  return wanted ? subscription.status === wanted : subscription.status !== 'canceled';
}

export const subscriptionRoutes: Route[] = [
  ['POST', '/v1/subscriptions', ({ state, form }) => createSubscription(state, parseParams(createParams, form))],
  [
    'GET',
    '/v1/subscriptions',
    ({ state, form }) => {
      const { customer, price, status, ...paged } = parseParams({ ...paging, ...listFilters }, form);
      const items = Object.values(state.subscriptions).filter(
        subscription =>
          hasStatus(subscription, status) &&
          (!customer || subscription.customer === customer) &&
          (!price || subscription.items.data.some(item => item.price.id === price)),
      );
      return page(items, '/v1/subscriptions', paged);
    },
  ],
  [
    'GET',
    '/v1/subscriptions/:id',
    ({ state, id }) => {
      const subscription = state.subscriptions[id];
      if (!subscription) throw missing('subscription', id);
      return subscription;
    },
  ],
];
