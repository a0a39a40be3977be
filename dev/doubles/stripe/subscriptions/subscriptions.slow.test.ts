/** Subscriptions are made, listed and ended as Stripe does, on a double of the test's own. */
import { afterAll, describe, expect, test } from 'vitest';
import { startDouble } from '@/dev/doubles/stripe/start-double';
import { customerAt, iso, priceOf, refusal } from '@/dev/doubles/stripe/test-customer';

const double = await startDouble();
const { client } = double;
afterAll(() => double.stop());
const start = '2026-03-01T00:00:00Z';

describe('a first payment', () => {
  test('that succeeds makes the subscription active, with a paid and numbered invoice', async () => {
    const customer = await customerAt(client, start, 'pm_card_visa');
    const made = await customer.subscribe('STARTER', { expand: ['latest_invoice.payments.data.payment'] });
    expect(made.status).toBe('active');
    const [item] = made.items.data;
    expect([iso(item?.current_period_start), iso(item?.current_period_end)]).toEqual([start, '2026-04-01T00:00:00Z']);
    expect(made.latest_invoice).toMatchObject({
      status: 'paid',
      billing_reason: 'subscription_create',
      amount_due: 4900,
      amount_paid: 4900,
      amount_remaining: 0,
      number: expect.stringMatching(/^[0-9A-F]{8}-0001$/),
      hosted_invoice_url: expect.stringContaining(`${double.url}/i/in_`),
      parent: { subscription_details: { subscription: made.id } },
      lines: { data: [{ amount: 4900, parent: { subscription_item_details: { proration: false } } }] },
      payments: { data: [{ status: 'paid', amount_paid: 4900 }] },
    });
    expect(await customer.events()).toEqual([
      'customer.created',
      'payment_method.attached',
      'customer.updated',
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'invoice.updated',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
    ]);
  });

  test('that is declined leaves it incomplete; paying its invoice makes it active', async () => {
    const customer = await customerAt(client, start, 'pm_card_chargeCustomerFail');
    const expand = ['latest_invoice.payments.data.payment.payment_intent'];
    const made = await customer.subscribe('STARTER');
    expect(made.status).toBe('incomplete');
    const [invoice] = await customer.invoices();
    const { data } = await client.invoicePayments.list({
      invoice: invoice?.id ?? '',
      expand: ['data.payment.payment_intent'],
    });
    expect(data[0]?.payment.payment_intent).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined', message: 'Your card was declined.' },
    });
    expect(await refusal(client.subscriptions.retrieve(made.id, { expand }))).toMatchObject({
      message: expect.stringContaining('more than 4 levels'),
    });
    expect(await refusal(client.invoices.pay(invoice?.id ?? ''))).toMatchObject({
      statusCode: 402,
      code: 'card_declined',
    });
    await customer.use('pm_card_visa');
    expect(await client.invoices.pay(invoice?.id ?? '')).toMatchObject({ status: 'paid' });
    expect((await client.subscriptions.retrieve(made.id)).status).toBe('active');
  });

  test('that never comes ends it after 23 hours, and takes its invoice back', async () => {
    const customer = await customerAt(client, start, 'pm_card_authenticationRequired');
    const { id } = await customer.subscribe('STARTER');
    expect(await customer.events()).toContain('invoice.payment_action_required');
    await customer.advanceTo('2026-03-01T22:59:59Z');
    expect((await client.subscriptions.retrieve(id)).status).toBe('incomplete');
    await customer.advanceTo('2026-03-01T23:00:00Z');
    expect((await client.subscriptions.retrieve(id)).status).toBe('incomplete_expired');
    expect((await customer.invoices()).map(invoice => invoice.status)).toEqual(['void']);
  });

  test('that must succeed and does not makes nothing: 402 with the card’s reason', async () => {
    const declined = await customerAt(client, start, 'pm_card_chargeCustomerFail');
    const params = { payment_behavior: 'error_if_incomplete' } as const;
    expect(await refusal(declined.subscribe('STARTER', params))).toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code: 'card_declined',
      decline_code: 'generic_decline',
    });
    const unconfirmed = await customerAt(client, start, 'pm_card_authenticationRequired');
    expect(await refusal(unconfirmed.subscribe('STARTER', params))).toMatchObject({
      statusCode: 402,
      code: 'subscription_payment_intent_requires_action',
    });
    for (const customer of [declined, unconfirmed]) {
      expect((await client.subscriptions.list({ customer: customer.id, status: 'all' })).data).toEqual([]);
      expect(await customer.invoices()).toEqual([]);
    }
  });

  test('that is asked to wait is not tried: default_incomplete leaves the invoice open', async () => {
    const customer = await customerAt(client, start);
    const made = await customer.subscribe('STARTER', {
      payment_behavior: 'default_incomplete',
      expand: ['latest_invoice.confirmation_secret'],
    });
    expect(made.status).toBe('incomplete');
    expect(made.latest_invoice).toMatchObject({
      status: 'open',
      attempted: false,
      confirmation_secret: { type: 'payment_intent', client_secret: expect.stringMatching(/^pi_.*_secret_/) },
    });
  });

  test('needs a card that is the customer’s own', async () => {
    const [customer, other] = [await customerAt(client, start), await customerAt(client, start)];
    expect(await refusal(customer.subscribe('STARTER'))).toMatchObject({ statusCode: 400, code: 'resource_missing' });
    const foreign = await other.use('pm_card_visa');
    expect(await refusal(customer.subscribe('STARTER', { default_payment_method: foreign }))).toMatchObject({
      statusCode: 400,
      param: 'default_payment_method',
    });
  });
});

describe('the end of a subscription', () => {
  test('at once: it is canceled, and cannot be canceled or changed again', async () => {
    const customer = await customerAt(client, start, 'pm_card_visa');
    const { id } = await customer.subscribe('STARTER');
    const ended = await client.subscriptions.cancel(id, { cancellation_details: { feedback: 'unused' } });
    expect(ended).toMatchObject({
      status: 'canceled',
      cancellation_details: { feedback: 'unused', reason: 'cancellation_requested' },
    });
    expect([iso(ended.canceled_at), iso(ended.ended_at)]).toEqual([start, start]);
    expect(await refusal(client.subscriptions.cancel(id))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
    const items = [{ price: await priceOf(client, 'SCALE') }];
    expect(await refusal(client.subscriptions.update(id, { items }))).toMatchObject({ statusCode: 400 });
    expect((await client.subscriptions.update(id, { metadata: { note: 'left' } })).metadata).toEqual({ note: 'left' });
  });

  test('at the period’s end, unless that is taken back; no invoice follows it', async () => {
    const customer = await customerAt(client, start, 'pm_card_visa');
    const { id } = await customer.subscribe('STARTER');
    const ending = await client.subscriptions.update(id, { cancel_at_period_end: true });
    expect([ending.cancel_at_period_end, iso(ending.cancel_at)]).toEqual([true, '2026-04-01T00:00:00Z']);
    const kept = await client.subscriptions.update(id, { cancel_at_period_end: false });
    expect([kept.cancel_at_period_end, kept.cancel_at, kept.canceled_at]).toEqual([false, null, null]);
    await client.subscriptions.update(id, { cancel_at_period_end: true });
    expect(await refusal(client.invoices.createPreview({ subscription: id }))).toMatchObject({
      statusCode: 404,
      code: 'invoice_upcoming_none',
    });
    await customer.advanceTo('2026-04-02T00:00:00Z');
    const ended = await client.subscriptions.retrieve(id);
    expect([ended.status, iso(ended.ended_at)]).toEqual(['canceled', '2026-04-01T00:00:00Z']);
    expect(await customer.invoices()).toHaveLength(1);
    expect((await customer.events()).at(-1)).toBe('customer.subscription.deleted');
  });

  test('of a deleted customer comes with the customer', async () => {
    const customer = await customerAt(client, start, 'pm_card_visa');
    const { id } = await customer.subscribe('STARTER');
    await client.customers.del(customer.id);
    expect((await client.subscriptions.retrieve(id)).status).toBe('canceled');
    expect(await client.customers.retrieve(customer.id)).toEqual({
      id: customer.id,
      object: 'customer',
      deleted: true,
    });
    expect(await refusal(client.customers.update(customer.id, { name: 'x' }))).toMatchObject({ statusCode: 404 });
    expect((await customer.events()).slice(-2)).toEqual(['customer.subscription.deleted', 'customer.deleted']);
  });
});

test('a list holds what its filters name; without a status, all but the canceled', async () => {
  const customer = await customerAt(client, start, 'pm_card_visa');
  const first = await customer.subscribe('STARTER');
  await client.subscriptions.cancel(first.id);
  const second = await customer.subscribe('SCALE', { trial_period_days: 7 });
  const ids = async (params: object) =>
    (await client.subscriptions.list({ customer: customer.id, ...params })).data.map(({ id }) => id);
  expect(await ids({})).toEqual([second.id]);
  expect(await ids({ status: 'all' })).toEqual([second.id, first.id]);
  expect(await ids({ status: 'ended' })).toEqual([first.id]);
  expect(await ids({ status: 'trialing' })).toEqual([second.id]);
  expect(await ids({ price: await priceOf(client, 'SCALE') })).toEqual([second.id]);
  expect(await ids({ test_clock: customer.clock, created: { gte: first.created } })).toEqual([second.id]);
  expect(await ids({ created: { lt: first.created } })).toEqual([]);
});
