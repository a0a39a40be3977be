/** What every call of the double has in common, against the official client: catalog, paging, repeats, refusals. */
import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { clientOf, startDouble } from '@/dev/doubles/stripe/start-double';
import { testCatalog } from '@/dev/doubles/stripe/test-catalog';
import { customerAt, refusal } from '@/dev/doubles/stripe/test-customer';

const double = await startDouble();
const stripe = double.client;
afterAll(() => double.stop());
const tag = () => randomBytes(5).toString('hex');
const starter = async () => {
  const { data } = await stripe.prices.list({ lookup_keys: [testCatalog.STARTER.lookup_key] });
  const [price] = data;
  if (!price) throw new Error('no starter price');
  return price;
};
const newCustomer = () => stripe.customers.create({ email: `${tag()}@example.com`, name: 'Northwind' });

describe('catalog', () => {
  test('every price it is given is there under its look-up key', async () => {
    for (const price of Object.values(testCatalog)) {
      const { data } = await stripe.prices.list({ lookup_keys: [price.lookup_key], expand: ['data.product'] });
      expect(data).toHaveLength(1);
      expect(data[0]).toMatchObject({
        unit_amount: price.unit_amount,
        currency: 'usd',
        recurring: { interval: 'month', interval_count: 1 },
        product: { object: 'product', metadata: price.product.metadata },
      });
      expect(data[0]?.unit_amount_decimal?.toString()).toBe(String(price.unit_amount));
    }
  });

  test('a look-up key belongs to one price until it is transferred', async () => {
    const product = await stripe.products.create({ name: `Product ${tag()}` });
    const key = `key_${tag()}`;
    const params = { product: product.id, currency: 'usd', unit_amount: 500, lookup_key: key };
    const first = await stripe.prices.create(params);
    expect(await refusal(stripe.prices.create(params))).toMatchObject({ statusCode: 400, param: 'lookup_key' });
    const second = await stripe.prices.create({ ...params, transfer_lookup_key: true });
    expect((await stripe.prices.retrieve(first.id)).lookup_key).toBeNull();
    expect((await stripe.prices.list({ lookup_keys: [key] })).data.map(price => price.id)).toEqual([second.id]);
  });

  test('metadata is merged, and a key set to nothing is removed', async () => {
    const { id } = await stripe.products.create({ name: 'One', metadata: { a: '1', b: '2' } });
    const changed = await stripe.products.update(id, { metadata: { b: '', c: '3' } });
    expect([changed.name, changed.metadata]).toEqual(['One', { a: '1', c: '3' }]);
    const customer = await stripe.customers.create({ name: 'Northwind', metadata: { a: '1' } });
    expect((await stripe.customers.update(customer.id, { metadata: '' })).metadata).toEqual({});
  });
});

describe('customers and subscriptions', () => {
  test('a subscription begins in trial without a payment method and is found by its customer', async () => {
    const [customer, price] = await Promise.all([newCustomer(), starter()]);
    const made = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
      metadata: { customer_id: 'c1' },
      expand: ['customer'],
    });
    expect(made).toMatchObject({ status: 'trialing', customer: { id: customer.id }, metadata: { customer_id: 'c1' } });
    expect((made.trial_end ?? 0) - (made.trial_start ?? 0)).toBe(14 * 86_400);
    expect(made.items.data[0]).toMatchObject({
      price: { id: price.id },
      quantity: 1,
      current_period_end: made.trial_end,
    });
    const read = await stripe.subscriptions.retrieve(made.id);
    expect(read).toMatchObject({ id: made.id, customer: customer.id });
    const { data } = await stripe.subscriptions.list({ customer: customer.id, status: 'trialing' });
    expect(data.map(item => item.id)).toEqual([made.id]);
    expect((await stripe.subscriptions.list({ customer: customer.id, status: 'active' })).data).toEqual([]);
  });

  test('without a trial and without a payment method it is refused', async () => {
    const [customer, price] = await Promise.all([newCustomer(), starter()]);
    const error = await refusal(stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] }));
    expect(error).toMatchObject({ statusCode: 400, code: 'resource_missing' });
  });

  test('customers are listed newest first, page by page in both directions, and iterated whole', async () => {
    const email = `${tag()}@example.com`;
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.unshift((await stripe.customers.create({ email })).id);
    const first = await stripe.customers.list({ email, limit: 2 });
    expect([first.data.map(item => item.id), first.has_more]).toEqual([made.slice(0, 2), true]);
    const last = await stripe.customers.list({ email, limit: 3, starting_after: made[1] ?? '' });
    expect([last.data.map(item => item.id), last.has_more]).toEqual([made.slice(2), false]);
    const before = await stripe.customers.list({ email, limit: 2, ending_before: made[3] ?? '' });
    expect(before.data.map(item => item.id)).toEqual(made.slice(1, 3));
    const all: string[] = [];
    for await (const customer of stripe.customers.list({ email, limit: 2 })) all.push(customer.id);
    expect(all).toEqual(made);
  });
});

describe('errors and repeats', () => {
  test('the same idempotency key gives the first answer, and refuses another request', async () => {
    const idempotencyKey = tag();
    const params = { name: `Once ${tag()}` };
    const [first, second] = [
      await stripe.customers.create(params, { idempotencyKey }),
      await stripe.customers.create(params, { idempotencyKey }),
    ];
    expect(second.id).toBe(first.id);
    expect(await refusal(stripe.customers.create({ name: 'Other' }, { idempotencyKey }))).toMatchObject({
      type: 'StripeIdempotencyError',
    });
  });

  test('a refused card is answered the same under its key, while a refused request may be corrected', async () => {
    const customer = await customerAt(stripe, '2026-03-01T00:00:00Z', 'pm_card_chargeCustomerFail');
    await customer.subscribe('STARTER');
    const [invoice] = await customer.invoices();
    const pay = (idempotencyKey: string) => stripe.invoices.pay(invoice?.id ?? '', {}, { idempotencyKey });
    const key = tag();
    expect(await refusal(pay(key))).toMatchObject({ statusCode: 402, code: 'card_declined' });
    await customer.use('pm_card_visa');
    expect(await refusal(pay(key))).toMatchObject({ statusCode: 402, code: 'card_declined' });
    expect(await pay(tag())).toMatchObject({ status: 'paid' });
    const corrected = tag();
    const params = { email: `${corrected}@example.com`, invoice_settings: { default_payment_method: 'pm_none' } };
    expect(await refusal(stripe.customers.create(params, { idempotencyKey: corrected }))).toMatchObject({
      statusCode: 400,
    });
    expect(await stripe.customers.create({ email: params.email }, { idempotencyKey: corrected })).toMatchObject({
      email: params.email,
    });
    expect((await stripe.customers.list({ email: params.email })).data).toHaveLength(1);
  });

  test('ids that are not there are 404 in the path and name their parameter in a body', async () => {
    expect(await refusal(stripe.customers.retrieve('cus_none'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
    const price = await starter();
    const items = [{ price: price.id }];
    const error = await refusal(stripe.subscriptions.create({ customer: 'cus_none', items, trial_period_days: 14 }));
    expect(error).toMatchObject({ statusCode: 400, code: 'resource_missing', param: 'customer' });
  });

  test('missing, unknown and invalid parameters are refused by name', async () => {
    const send = (path: string, params: object) => stripe.rawRequest('POST', path, params);
    expect(await refusal(send('/v1/products', {}))).toMatchObject({ code: 'parameter_missing', param: 'name' });
    expect(await refusal(send('/v1/products', { name: 'x', nmae: 'y' }))).toMatchObject({
      code: 'parameter_unknown',
      param: 'nmae',
    });
    const nested = { email: 'ada@northwind.example', address: { street: '1 High Street' } };
    expect(await refusal(send('/v1/customers', nested))).toMatchObject({
      code: 'parameter_unknown',
      param: 'address[street]',
    });
    const price = { currency: 'usd', unit_amount: 'a lot', product: 'prod_tenantry_starter' };
    expect(await refusal(send('/v1/prices', price))).toMatchObject({ statusCode: 400, param: 'unit_amount' });
    const customer = (await newCustomer()).id;
    expect(await refusal(send('/v1/subscriptions', { customer, items: [{ quantity: 1 }] }))).toMatchObject({
      code: 'parameter_missing',
      param: 'items[0][price]',
    });
  });

  test('a route it does not have is a Stripe error, not an empty success', async () => {
    const error = await refusal(stripe.rawRequest('GET', '/v1/payment_links'));
    expect(error).toMatchObject({ statusCode: 404, type: 'StripeInvalidRequestError' });
    expect(error.message).toMatch(/Unrecognized request URL/);
    expect(error.requestId).toMatch(/^req_/);
  });

  test('a call without a test key is 401', async () => {
    expect(await refusal(clientOf(double.url, 'rk_live_other').products.list())).toMatchObject({
      statusCode: 401,
      type: 'StripeAuthenticationError',
    });
  });
});
