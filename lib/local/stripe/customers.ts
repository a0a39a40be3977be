/** Customers of the Stripe double. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { missing } from '@/lib/local/stripe/errors';
import { page, paging } from '@/lib/local/stripe/lists';
import { mergeMetadata, metadata, parseParams } from '@/lib/local/stripe/params';
import type { Route } from '@/lib/local/stripe/router';
import { newId, nowSeconds, type StripeState } from '@/lib/local/stripe/state';
import type { Customer } from '@/lib/local/stripe/wire';

const params = {
  email: z.string().max(512).optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  phone: z.string().optional(),
  metadata: metadata.optional(),
};

function newCustomer(given: Partial<Customer>): Customer {
  return {
    id: newId('cus', 7),
    object: 'customer',
    address: null,
    balance: 0,
    created: nowSeconds(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
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

function found(state: StripeState, id: string): Customer {
  const customer = state.customers[id];
  if (!customer) throw missing('customer', id);
  return customer;
}

export const customerRoutes: Route[] = [
  [
    'POST',
    '/v1/customers',
    ({ state, form }) => {
      const customer = newCustomer(parseParams(params, form));
      state.customers[customer.id] = customer;
      return customer;
    },
  ],
  [
    'GET',
    '/v1/customers',
    ({ state, form }) => {
      const { email, ...paged } = parseParams({ ...paging, email: z.string().optional() }, form);
      const items = Object.values(state.customers).filter(customer => !email || customer.email === email);
      return page(items, '/v1/customers', paged);
    },
  ],
  ['GET', '/v1/customers/:id', ({ state, id }) => found(state, id)],
  [
    'POST',
    '/v1/customers/:id',
    ({ state, id, form }) => {
      const customer = found(state, id);
      const { metadata: changed, ...given } = parseParams(params, form);
      Object.assign(customer, given, { metadata: mergeMetadata(customer.metadata, changed) });
      return customer;
    },
  ],
  [
    'DELETE',
    '/v1/customers/:id',
    ({ state, id }) => {
      found(state, id);
      const now = nowSeconds();
      for (const subscription of Object.values(state.subscriptions)) {
        if (subscription.customer !== id || subscription.status === 'canceled') continue;
        Object.assign(subscription, { status: 'canceled', canceled_at: now, ended_at: now });
      }
      delete state.customers[id];
      return { id, object: 'customer', deleted: true };
    },
  ],
];
