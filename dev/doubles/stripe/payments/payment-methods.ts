/** Payment methods: test cards, attached to customers. */
import { z } from 'zod';
import { tell } from '@/dev/doubles/stripe/changes';
import { now } from '@/dev/doubles/stripe/clock';
import { declined, missing, StripeError } from '@/dev/doubles/stripe/errors';
import { page, paging } from '@/dev/doubles/stripe/lists';
import { metadata, parseParams } from '@/dev/doubles/stripe/params';
import { newPaymentMethod, testCard, testCards } from '@/dev/doubles/stripe/payments/cards';
import type { Route } from '@/dev/doubles/stripe/router';
import { newId, nowSeconds, type StripeState } from '@/dev/doubles/stripe/state';
import type { PaymentMethod } from '@/dev/doubles/stripe/wire';

function make(state: StripeState, token: string, created: number): PaymentMethod {
  const card = testCard(token);
  const method = newPaymentMethod(newId('pm'), card, created);
  state.paymentMethods[method.id] = method;
  if (card.behaviour !== 'ok') state.cardBehaviours[method.id] = card.behaviour;
  return method;
}

/** The payment method of an id. Throws 404, or 400 where the id came in a parameter. */
export function paymentMethod(state: StripeState, id: string, param = 'id'): PaymentMethod {
  const found = state.paymentMethods[id];
  if (!found) throw missing('PaymentMethod', id, param);
  return found;
}

/** Attaches a card, or a new card of a test token, to a customer. Throws 402 where the bank refuses it outright. */
export function attach(state: StripeState, id: string, customer: string): PaymentMethod {
  if (!state.customers[customer]) throw missing('customer', customer, 'customer');
  const card = testCards[id];
  if (card && !card.attachable) throw declined(card.behaviour);
  const method = card ? make(state, id, now(state, customer)) : paymentMethod(state, id);
  if (method.customer === customer) return method;
  if (method.customer) {
    const text = 'The payment method you provided has already been attached to a customer.';
    throw new StripeError(400, text, { code: 'payment_method_unexpected_state' });
  }
  method.customer = customer;
  tell(state, 'payment_method.attached', method);
  return method;
}

/** A card that a customer may be charged by. A test token is attached on the way, as Stripe does. */
export function ownCard(state: StripeState, customer: string, id: string, param: string): string {
  if (testCards[id]) return attach(state, id, customer).id;
  if (paymentMethod(state, id, param).customer === customer) return id;
  const text = `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`;
  throw new StripeError(400, text, { code: 'resource_missing', param });
}

/** A card taken off leaves no default behind. */
function detach(state: StripeState, id: string): PaymentMethod {
  const method = paymentMethod(state, id);
  const customer = state.customers[method.customer ?? ''];
  if (!customer) {
    const text = 'The payment method you provided is not attached to a customer so detachment is impossible.';
    throw new StripeError(400, text, { code: 'payment_method_unexpected_state' });
  }
  if (customer.invoice_settings.default_payment_method === id) customer.invoice_settings.default_payment_method = null;
  for (const subscription of Object.values(state.subscriptions)) {
    if (subscription.default_payment_method === id) subscription.default_payment_method = null;
  }
  method.customer = null;
  tell(state, 'payment_method.detached', method, { customer: customer.id });
  return method;
}

const cardParams = z.strictObject({
  token: z.string().optional(),
  number: z.string().optional(),
  exp_month: z.string().optional(),
  exp_year: z.string().optional(),
  cvc: z.string().optional(),
});
const createParams = {
  type: z.enum(['card']),
  card: cardParams,
  billing_details: z.record(z.string(), z.unknown()).optional(),
  metadata: metadata.optional(),
};

/** `tok_visa` names the same card as `pm_card_visa`; numbers are for Stripe's own forms. */
function create(state: StripeState, given: z.output<z.ZodObject<typeof createParams>>): PaymentMethod {
  const token = given.card.token?.replace(/^tok_/, 'pm_card_');
  if (!token) {
    const text = 'Sending credit card numbers directly to the Stripe API is generally unsafe. Use a test token.';
    throw new StripeError(402, text, { type: 'card_error', param: 'card[number]' });
  }
  const method = make(state, token, nowSeconds());
  method.metadata = given.metadata ?? {};
  return method;
}

const listParams = { ...paging, type: z.enum(['card']).optional() };
function ofCustomer(state: StripeState, customer: string, url: string, params: z.output<z.ZodObject<typeof paging>>) {
  const own = Object.values(state.paymentMethods).filter(method => method.customer === customer);
  return page(own, url, params);
}

export const paymentMethodRoutes: Route[] = [
  ['POST', '/v1/payment_methods', ({ state, form }) => create(state, parseParams(createParams, form))],
  [
    'GET',
    '/v1/payment_methods',
    ({ state, form }) => {
      const { customer, ...paged } = parseParams({ ...listParams, customer: z.string().optional() }, form);
      return customer
        ? ofCustomer(state, customer, '/v1/payment_methods', paged)
        : page<PaymentMethod>([], '/v1/payment_methods', paged);
    },
  ],
  [
    'GET',
    '/v1/customers/:id/payment_methods',
    ({ state, id, form }) => {
      if (!state.customers[id]) throw missing('customer', id);
      return ofCustomer(state, id, `/v1/customers/${id}/payment_methods`, parseParams(listParams, form));
    },
  ],
  [
    'GET',
    '/v1/payment_methods/:id',
    ({ state, id }) => {
      const token = testCards[id];
      return token ? newPaymentMethod(id, token, nowSeconds()) : paymentMethod(state, id);
    },
  ],
  [
    'POST',
    '/v1/payment_methods/:id/attach',
    ({ state, id, form }) => attach(state, id, parseParams({ customer: z.string() }, form).customer),
  ],
  ['POST', '/v1/payment_methods/:id/detach', ({ state, id }) => detach(state, id)],
];
