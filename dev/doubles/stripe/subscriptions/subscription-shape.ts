/** What a subscription and its items look like. */
import { now } from '@/dev/doubles/stripe/clock';
import { newId, type StripeState } from '@/dev/doubles/stripe/state';
import type { Period } from '@/dev/doubles/stripe/subscriptions/periods';
import type { Customer, Price, Subscription, SubscriptionItem } from '@/dev/doubles/stripe/wire';

/** The older form of a price, which every item still carries. */
export function planOf(price: Price): SubscriptionItem['plan'] {
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

export type ItemOptions = { quantity?: number; metadata?: Record<string, string> };

export function newItem(
  subscription: string,
  price: Price,
  { quantity = 1, metadata = {} }: ItemOptions,
  period: Period,
  created: number,
): SubscriptionItem {
  return {
    id: newId('si', 7),
    object: 'subscription_item',
    billed_until: period.end,
    billing_thresholds: null,
    created,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata,
    plan: planOf(price),
    price: structuredClone(price),
    quantity,
    subscription,
    tax_rates: [],
  };
}

/** The period of a subscription: items are billed together, so that of its first to end. */
export function periodOf(subscription: Subscription): Period {
  const [first, ...rest] = subscription.items.data;
  if (!first) return { start: subscription.start_date, end: subscription.start_date };
  const soonest = rest.reduce(
    (least, item) => (item.current_period_end < least.current_period_end ? item : least),
    first,
  );
  return { start: soonest.current_period_start, end: soonest.current_period_end };
}

export const itemList = (id: string, data: SubscriptionItem[]): Subscription['items'] => ({
  object: 'list',
  data,
  has_more: false,
  url: `/v1/subscription_items?subscription=${id}`,
});

/** What new subscriptions have unless told otherwise. */
export const flexibleMode: Subscription['billing_mode'] = {
  flexible: { proration_discounts: 'included' },
  type: 'flexible',
};

/** Fields of a subscription that nothing here fills. */
const unused = {
  application: null,
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
  billing_cycle_anchor_config: null,
  billing_schedules: [],
  billing_thresholds: null,
  customer_account: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  invoice_settings: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: { type: 'self' },
  },
  livemode: false,
  managed_payments: null,
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  pause_collection: null,
  pending_invoice_item_interval: null,
  pending_setup_intent: null,
  transfer_data: null,
} satisfies Partial<Subscription>;

/** A subscription without items, discounts, taxes or schedules. */
export function plainSubscription(state: StripeState, id: string, customer: Customer): Subscription {
  const at = now(state, customer.id);
  return {
    ...structuredClone(unused),
    id,
    object: 'subscription',
    billing_cycle_anchor: at,
    billing_mode: flexibleMode,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: at,
    currency: 'usd',
    customer: customer.id,
    days_until_due: null,
    default_payment_method: null,
    ended_at: null,
    items: itemList(id, []),
    latest_invoice: null,
    metadata: {},
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: 'off' },
    pending_update: null,
    schedule: null,
    start_date: at,
    status: 'active',
    test_clock: customer.test_clock,
    trial_end: null,
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' } },
    trial_start: null,
  };
}
