/** A Checkout session as it is made: what Stripe checks of its parameters, and what it shows. */
import type { z } from 'zod';
import { type CreateParams, createParams } from '@/dev/doubles/stripe/checkout/checkout-params';
import { daySeconds, hourSeconds, now } from '@/dev/doubles/stripe/clock';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import type { CheckoutSession, KeptCheckout } from '@/dev/doubles/stripe/events/events-state';
import type { Form } from '@/dev/doubles/stripe/form';
import { parseParams } from '@/dev/doubles/stripe/params';
import { newId, type StripeState } from '@/dev/doubles/stripe/state';

type Item = KeptCheckout['items'][number];
type Given = z.output<z.ZodObject<typeof createParams>>;

const refuse = (text: string, param: string) => new StripeError(400, text, { param });

function checkUrl(text: string, param: string): void {
  if (!URL.canParse(text.replace('{CHECKOUT_SESSION_ID}', 'x'))) {
    const sentence = 'Not a valid URL: it must begin with a scheme such as https://';
    throw new StripeError(400, sentence, { code: 'url_invalid', param });
  }
}

function itemsOf(state: StripeState, given: Given): Item[] {
  return given.line_items.map(({ price: id, quantity }, index) => {
    const param = `line_items[${index}][price]`;
    const price = state.prices[id];
    if (!price) throw missing('price', id, param);
    if (!price.active) throw refuse('The price specified is inactive. This field only accepts active prices.', param);
    if (quantity === undefined) throw refuse('Quantity is required. Add `quantity` to the line item.', param);
    if (quantity < 1) throw refuse('This value must be greater than or equal to 1.', `line_items[${index}][quantity]`);
    if (!price.recurring) {
      throw refuse('You must provide at least one recurring price in `subscription` mode.', param);
    }
    return { id: newId('li'), price: id, quantity };
  });
}

function checkTrial({ subscription_data: data }: Given, at: number): void {
  if (data?.trial_end !== undefined && data.trial_period_days !== undefined) {
    const text = 'You may only specify one of these parameters: trial_end, trial_period_days.';
    throw refuse(text, 'subscription_data[trial_end]');
  }
  if (data?.trial_end !== undefined && data.trial_end < at + 2 * daySeconds) {
    throw refuse('The `trial_end` date has to be at least 2 days in the future.', 'subscription_data[trial_end]');
  }
  if (data?.trial_period_days !== undefined && data.trial_period_days < 1) {
    throw refuse('The minimum number of trial period days is 1.', 'subscription_data[trial_period_days]');
  }
}

function expiryOf({ expires_at: at }: Given, created: number): number {
  if (at === undefined) return created + daySeconds;
  if (at < created + hourSeconds / 2 || at > created + daySeconds) {
    const text = 'The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from session creation.';
    throw refuse(text, 'expires_at');
  }
  return at;
}

function checkAll(state: StripeState, given: Given): void {
  if (given.mode !== 'subscription') throw refuse('The local Stripe has Checkout for subscriptions only.', 'mode');
  if (given.customer && given.customer_email) {
    throw new StripeError(400, 'You may only specify one of these parameters: customer, customer_email.');
  }
  if (given.customer && !state.customers[given.customer]) throw missing('customer', given.customer, 'customer');
  if (given.customer_update && !given.customer) {
    throw refuse('`customer_update` can only be used with `customer`.', 'customer_update');
  }
  checkUrl(given.success_url, 'success_url');
  if (given.cancel_url !== undefined) checkUrl(given.cancel_url, 'cancel_url');
}

const plainFields = {
  object: 'checkout.session',
  adaptive_pricing: { enabled: false },
  after_expiration: null,
  allowed_payment_method_types: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
  customer_account: null,
  customer_details: null,
  discounts: [],
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  livemode: false,
  managed_payments: null,
  mode: 'subscription',
  origin_context: null,
  payment_intent: null,
  payment_link: null,
  payment_method_configuration_details: null,
  payment_method_options: { card: { request_three_d_secure: 'automatic' } },
  payment_method_types: ['card'],
  payment_status: 'unpaid',
  permissions: null,
  phone_number_collection: { enabled: false },
  recovered_from: null,
  saved_payment_method_options: {
    allow_redisplay_filters: ['always'],
    payment_method_remove: 'disabled',
    payment_method_save: null,
  },
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  status: 'open',
  submit_type: null,
  subscription: null,
  ui_mode: 'hosted_page',
  wallet_options: null,
} satisfies Partial<CheckoutSession>;

function shown(state: StripeState, given: CreateParams, items: Item[], created: number): CheckoutSession {
  const id = newId('cs_test', 29);
  const first = state.prices[items[0]?.price ?? ''];
  const trial = given.subscription_data?.trial_end ?? given.subscription_data?.trial_period_days;
  const sum = items.reduce((total, item) => total + item.quantity * (state.prices[item.price]?.unit_amount ?? 0), 0);
  const dueToday = trial === undefined ? sum : 0;
  const taxed = given.automatic_tax?.enabled ?? false;
  return {
    ...plainFields,
    id,
    allow_promotion_codes: given.allow_promotion_codes ?? null,
    amount_subtotal: dueToday,
    amount_total: dueToday,
    automatic_tax: { enabled: taxed, liability: taxed ? { type: 'self' } : null, provider: null, status: null },
    billing_address_collection: given.billing_address_collection ?? null,
    cancel_url: given.cancel_url ?? null,
    client_reference_id: given.client_reference_id ?? null,
    created,
    currency: first?.currency ?? 'usd',
    customer: given.customer ?? null,
    customer_creation: given.customer ? null : 'always',
    customer_email: given.customer_email ?? null,
    expires_at: expiryOf(given, created),
    locale: given.locale ?? null,
    metadata: given.metadata ?? {},
    payment_method_collection: given.payment_method_collection ?? 'always',
    success_url: given.success_url,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    url: `${state.baseUrl}/c/pay/${id}`,
  };
}

/** Makes and keeps a session. Throws StripeError where Stripe refuses its parameters. */
export function createSession(state: StripeState, form: Form): CheckoutSession {
  const given = parseParams(createParams, form);
  checkAll(state, given);
  const created = now(state, given.customer);
  checkTrial(given, created);
  const items = itemsOf(state, given);
  const session = shown(state, given, items, created);
  const { trial_settings: settings, ...data } = given.subscription_data ?? {};
  const subscriptionData = { ...data, missing_payment_method: settings?.end_behavior.missing_payment_method };
  state.checkoutSessions[session.id] = {
    session,
    items,
    subscriptionData: JSON.parse(JSON.stringify(subscriptionData)),
  };
  return session;
}
