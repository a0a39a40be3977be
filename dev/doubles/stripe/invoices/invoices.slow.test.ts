/** Invoices are listed, paid, taken back and written off; payments and expansions are where the package looks for them. */
import { afterAll, describe, expect, test } from 'vitest';
import { startDouble } from '@/dev/doubles/stripe/start-double';
import { customerAt, iso, refusal, seconds } from '@/dev/doubles/stripe/test-customer';

const double = await startDouble();
const { client } = double;
afterAll(() => double.stop());
const start = '2026-03-01T00:00:00Z';

/** A customer with a paid and an open invoice. */
async function withOpenInvoice() {
  const customer = await customerAt(client, start, 'pm_card_visa');
  const { id } = await customer.subscribe('STARTER');
  await customer.use('pm_card_chargeCustomerFail');
  await customer.advanceTo('2026-04-01T02:00:00Z');
  const [paid, open] = await customer.invoices();
  if (!paid || !open) throw new Error('no invoices');
  return { customer, id, paid, open };
}

describe('a list', () => {
  test('holds what its filters name', async () => {
    const { customer, id, paid, open } = await withOpenInvoice();
    const ids = async (params: object) => (await client.invoices.list(params)).data.map(invoice => invoice.id);
    expect(await ids({ customer: customer.id })).toEqual([open.id, paid.id]);
    expect(await ids({ subscription: id, status: 'open' })).toEqual([open.id]);
    expect(await ids({ customer: customer.id, created: { gt: seconds(start) } })).toEqual([open.id]);
    expect(await ids({ customer: customer.id, created: { lte: seconds(start) } })).toEqual([paid.id]);
    const all = [];
    for await (const invoice of client.invoices.list({ customer: customer.id, limit: 1 })) all.push(invoice.id);
    expect(all).toEqual([open.id, paid.id]);
  });

  test('of lines is in the order of the invoice', async () => {
    const { paid } = await withOpenInvoice();
    const { data } = await client.invoices.listLineItems(paid.id ?? '');
    expect(data).toMatchObject([
      {
        amount: 4900,
        invoice: paid.id,
        pricing: { type: 'price_details', price_details: { product: 'prod_tenantry_starter' } },
      },
    ]);
    expect([iso(data[0]?.period.start), iso(data[0]?.period.end)]).toEqual([start, '2026-04-01T00:00:00Z']);
  });
});

describe('an open invoice', () => {
  test('paid outside of Stripe is paid', async () => {
    const { id, open } = await withOpenInvoice();
    const paid = await client.invoices.pay(open.id ?? '', { paid_out_of_band: true });
    expect(paid).toMatchObject({ status: 'paid', amount_remaining: 0 });
    expect((await client.subscriptions.retrieve(id)).status).toBe('active');
  });

  test('taken back is void, and nothing pays it any more', async () => {
    const { open } = await withOpenInvoice();
    const gone = await client.invoices.voidInvoice(open.id ?? '');
    expect([gone.status, iso(gone.status_transitions.voided_at)]).toEqual(['void', '2026-04-01T02:00:00Z']);
    expect(await refusal(client.invoices.pay(open.id ?? ''))).toMatchObject({ statusCode: 400 });
    const { data } = await client.invoicePayments.list({ invoice: open.id ?? '' });
    expect(data.map(({ status }) => status)).toEqual(['canceled']);
  });

  test('cannot be finalized again, nor a paid one taken back', async () => {
    const { open, paid } = await withOpenInvoice();
    for (const call of [client.invoices.finalizeInvoice(open.id ?? ''), client.invoices.voidInvoice(paid.id ?? '')]) {
      expect(await refusal(call)).toMatchObject({ statusCode: 400, code: 'invoice_not_editable' });
    }
  });

  test('can be finalized before its hour is over', async () => {
    const customer = await customerAt(client, start, 'pm_card_visa');
    await customer.subscribe('STARTER');
    await customer.advanceTo('2026-04-01T00:00:00Z');
    const [, draft] = await customer.invoices();
    expect([draft?.status, draft?.number, iso(draft?.automatically_finalizes_at)]).toEqual([
      'draft',
      null,
      '2026-04-01T01:00:00Z',
    ]);
    expect(await client.invoices.finalizeInvoice(draft?.id ?? '')).toMatchObject({ status: 'open' });
    expect(await client.invoices.pay(draft?.id ?? '')).toMatchObject({ status: 'paid' });
  });
});

describe('a preview', () => {
  test('of a customer is the next invoice; of one that has none, 404', async () => {
    const customer = await customerAt(client, start, 'pm_card_visa');
    const none = await refusal(client.invoices.createPreview({ customer: customer.id }));
    expect(none).toMatchObject({ statusCode: 404, code: 'invoice_upcoming_none' });
    await customer.subscribe('PROFESSIONAL');
    const next = await client.invoices.createPreview({ customer: customer.id });
    expect(next).toMatchObject({ total: 19_900, status: 'draft' });
    expect(iso(next.lines.data[0]?.period.start)).toBe('2026-04-01T00:00:00Z');
  });

  test('of a subscription that is not made yet bills its first period, or nothing in a trial', async () => {
    const customer = await customerAt(client, start);
    const { data } = await client.prices.list({ lookup_keys: ['tenantry_scale_monthly'] });
    const items = [{ price: data[0]?.id ?? '' }];
    const preview = (details: object) =>
      client.invoices.createPreview({ customer: customer.id, subscription_details: { items, ...details } });
    expect((await preview({})).total).toBe(49_900);
    expect((await preview({ trial_end: seconds('2026-03-15T00:00:00Z') })).total).toBe(0);
    expect((await client.subscriptions.list({ customer: customer.id, status: 'all' })).data).toEqual([]);
  });

  test('keeps nothing and tells nobody', async () => {
    const { customer, id } = await withOpenInvoice();
    const before = [await customer.events(), (await customer.invoices()).length];
    await client.invoices.createPreview({ subscription: id, subscription_details: { cancel_at_period_end: false } });
    expect([await customer.events(), (await customer.invoices()).length]).toEqual(before);
  });
});

test('objects are expanded along nested paths, and a path that is not there is refused by name', async () => {
  const { id, open } = await withOpenInvoice();
  const read = await client.subscriptions.retrieve(id, {
    expand: ['latest_invoice.payments', 'customer.invoice_settings.default_payment_method', 'items.data.price.product'],
  });
  expect(read).toMatchObject({
    latest_invoice: { id: open.id, payments: { data: [{ object: 'invoice_payment' }] } },
    customer: { invoice_settings: { default_payment_method: { object: 'payment_method', card: { last4: '0341' } } } },
    items: { data: [{ price: { product: { id: 'prod_tenantry_starter' } } }] },
  });
  expect((await client.invoices.retrieve(open.id ?? '')).payments).toBeUndefined();
  expect(await refusal(client.subscriptions.retrieve(id, { expand: ['nothing'] }))).toMatchObject({ param: 'expand' });
});
