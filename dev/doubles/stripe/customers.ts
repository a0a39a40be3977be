/** Customers of the Stripe double. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { changing, tell } from '@/dev/doubles/stripe/changes';
import { missing } from '@/dev/doubles/stripe/errors';
import { page, paging } from '@/dev/doubles/stripe/lists';
import {
  emptyable,
  inRange,
  integer,
  mergeMetadata,
  metadataChange,
  parseParams,
  range,
} from '@/dev/doubles/stripe/params';
import { ownCard } from '@/dev/doubles/stripe/payments/payment-methods';
import type { Call, Route } from '@/dev/doubles/stripe/router';
import { newId, nowSeconds, type StripeState } from '@/dev/doubles/stripe/state';
import { cancelNow } from '@/dev/doubles/stripe/subscriptions/subscription-cancel';
import type { Customer } from '@/dev/doubles/stripe/wire';

const text = emptyable(z.string()).optional();
const address = emptyable(
  z.strictObject({ city: text, country: text, line1: text, line2: text, postal_code: text, state: text }),
).optional();
const params = {
  email: emptyable(z.string().max(512)).optional(),
  name: text,
  description: text,
  phone: text,
  address,
  preferred_locales: z.array(z.string()).optional(),
  tax_exempt: z.enum(['none', 'exempt', 'reverse']).optional(),
  balance: integer.optional(),
  invoice_prefix: z.string().min(3).max(12).optional(),
  invoice_settings: z.strictObject({ default_payment_method: emptyable(z.string()).optional() }).optional(),
  metadata: metadataChange,
};
const createParams = { ...params, test_clock: z.string().optional(), payment_method: z.string().optional() };
type Given = z.output<z.ZodObject<typeof params>>;

function newCustomer(given: Partial<Customer>): Customer {
  return {
    id: newId('cus', 7),
    object: 'customer',
    address: null,
    balance: 0,
    created: nowSeconds(),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: randomBytes(4).toString('hex').toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
    ...given,
  };
}

const nulled = (given: NonNullable<Given['address']>) => ({
  city: given.city ?? null,
  country: given.country ?? null,
  line1: given.line1 ?? null,
  line2: given.line2 ?? null,
  postal_code: given.postal_code ?? null,
  state: given.state ?? null,
});

/** Writes what was given into a customer; a default card must be the customer's own. */
function assign(state: StripeState, customer: Customer, { invoice_settings: settings, ...given }: Given): void {
  const { metadata: changed, address: place, ...plain } = given;
  Object.assign(customer, plain, { metadata: mergeMetadata(customer.metadata, changed) });
  if (place !== undefined) customer.address = place ? nulled(place) : null;
  const card = settings?.default_payment_method;
  if (card === undefined) return;
  const param = 'invoice_settings[default_payment_method]';
  customer.invoice_settings.default_payment_method = card ? ownCard(state, customer.id, card, param) : null;
}

function found(state: StripeState, id: string): Customer {
  const customer = state.customers[id];
  if (!customer) throw missing('customer', id);
  return customer;
}

function create({ state, form }: Call): Customer {
  const { test_clock: clock, payment_method: card, ...given } = parseParams(createParams, form);
  if (clock && !state.testClocks[clock]) throw missing('testClock', clock, 'test_clock');
  const frozen = clock ? state.testClocks[clock]?.frozen_time : undefined;
  const customer = newCustomer({ test_clock: clock ?? null, created: frozen ?? nowSeconds() });
  state.customers[customer.id] = customer;
  try {
    if (card) ownCard(state, customer.id, card, 'payment_method');
    assign(state, customer, given);
  } catch (error) {
    delete state.customers[customer.id];
    throw error;
  }
  tell(state, 'customer.created', customer);
  return customer;
}

function update({ state, id, form }: Call): Customer {
  const customer = found(state, id);
  const given = parseParams(params, form);
  changing(state, 'customer.updated', customer, () => assign(state, customer, given));
  return customer;
}

const deletedCustomer = (id: string) => ({ id, object: 'customer', deleted: true });

/** Removes a customer; its subscriptions end at once. */
export function deleteCustomer(state: StripeState, id: string) {
  const customer = found(state, id);
  for (const subscription of Object.values(state.subscriptions)) {
    if (subscription.customer === id && !subscription.ended_at) cancelNow(state, subscription);
  }
  for (const method of Object.values(state.paymentMethods)) if (method.customer === id) method.customer = null;
  tell(state, 'customer.deleted', customer);
  delete state.customers[id];
  state.deletedCustomers[id] = true;
  return deletedCustomer(id);
}

const filters = {
  ...paging,
  email: z.string().optional(),
  created: range.optional(),
  test_clock: z.string().optional(),
};

export const customerRoutes: Route[] = [
  ['POST', '/v1/customers', create],
  [
    'GET',
    '/v1/customers',
    ({ state, form }) => {
      const { email, created, test_clock: clock, ...paged } = parseParams(filters, form);
      const items = Object.values(state.customers).filter(
        customer =>
          (!email || customer.email === email) &&
          inRange(customer.created, created) &&
          (clock ? customer.test_clock === clock : true),
      );
      return page(items, '/v1/customers', paged);
    },
  ],
  [
    'GET',
    '/v1/customers/:id',
    ({ state, id }) => (state.deletedCustomers[id] ? deletedCustomer(id) : found(state, id)),
  ],
  ['POST', '/v1/customers/:id', update],
  ['DELETE', '/v1/customers/:id', ({ state, id }) => deleteCustomer(state, id)],
];
