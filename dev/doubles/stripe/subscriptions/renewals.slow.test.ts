/** Periods renew and failed payments are tried again, by the clock. */
import { afterAll, describe, expect, test } from 'vitest';
import { startDouble } from '@/dev/doubles/stripe/start-double';
import { customerAt, iso, refusal, seconds } from '@/dev/doubles/stripe/test-customer';

const double = await startDouble();
const { client } = double;
afterAll(() => double.stop());
const start = '2026-01-31T00:00:00Z';
const status = async (id: string) => (await client.subscriptions.retrieve(id)).status;

test('a year passes in one step: twelve renewals, each on its day, each paid', async () => {
  const customer = await customerAt(client, start, 'pm_card_visa');
  await customer.subscribe('STARTER');
  await customer.advanceTo('2027-01-31T01:00:00Z');
  const invoices = await customer.invoices();
  expect(invoices.map(({ status: state }) => state)).toEqual(Array(13).fill('paid'));
  expect(invoices.map(({ created }) => iso(created)?.slice(0, 10)).slice(0, 5)).toEqual([
    '2026-01-31',
    '2026-02-28',
    '2026-03-31',
    '2026-04-30',
    '2026-05-31',
  ]);
  expect(new Set(invoices.map(({ number }) => number)).size).toBe(13);
  expect(iso(invoices[1]?.period_start)).toBe(start);
});

describe('a renewal that fails', () => {
  const failing = async () => {
    const customer = await customerAt(client, start, 'pm_card_visa');
    const { id } = await customer.subscribe('STARTER');
    await customer.use('pm_card_chargeCustomerFail');
    await customer.advanceTo('2026-02-28T01:00:00Z');
    return { customer, id };
  };

  test('is past due, with the reason told and a next attempt set', async () => {
    const { customer, id } = await failing();
    expect(await status(id)).toBe('past_due');
    const [, open] = await customer.invoices();
    expect(open).toMatchObject({ status: 'open', attempt_count: 1, amount_remaining: 4900 });
    expect(iso(open?.next_payment_attempt)).toBe('2026-03-01T01:00:00Z');
    const read = await client.invoices.retrieve(open?.id ?? '', { expand: ['payments.data.payment.payment_intent'] });
    expect(read.payments?.data[0]?.payment.payment_intent).toMatchObject({
      last_payment_error: { message: 'Your card was declined.', decline_code: 'generic_decline' },
    });
    expect(await client.customers.retrieve(customer.id)).toMatchObject({ delinquent: true });
    expect((await customer.events()).filter(type => type === 'invoice.payment_failed')).toHaveLength(1);
  });

  test('is paid by the next attempt once the card works', async () => {
    const { customer, id } = await failing();
    await customer.use('pm_card_visa');
    await customer.advanceTo('2026-03-01T01:00:00Z');
    expect(await status(id)).toBe('active');
    expect((await customer.invoices())[1]).toMatchObject({ status: 'paid', attempt_count: 2 });
  });

  test('is paid when somebody asks, with another card too', async () => {
    const { customer, id } = await failing();
    const [, open] = await customer.invoices();
    const card = await client.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
    await client.invoices.pay(open?.id ?? '', { payment_method: card.id });
    expect(await status(id)).toBe('active');
    expect(await refusal(client.invoices.pay(open?.id ?? ''))).toMatchObject({ statusCode: 400 });
  });

  test('is tried after 1, 3, 5 and 7 days more, and then ends the subscription', async () => {
    const { customer, id } = await failing();
    const attempts: (string | null | undefined)[] = [];
    for (const day of ['2026-03-01', '2026-03-04', '2026-03-09']) {
      await customer.advanceTo(`${day}T01:00:00Z`);
      attempts.push(iso((await customer.invoices())[1]?.next_payment_attempt));
    }
    expect(attempts).toEqual(['2026-03-04T01:00:00Z', '2026-03-09T01:00:00Z', '2026-03-16T01:00:00Z']);
    expect(await status(id)).toBe('past_due');
    await customer.advanceTo('2026-03-16T01:00:00Z');
    expect(await client.subscriptions.retrieve(id)).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
    });
    expect((await customer.invoices())[1]).toMatchObject({ status: 'open', next_payment_attempt: null });
  });

  test('leaves it unpaid where the account is set so: renewals are drafts until the last invoice is paid', async () => {
    await double.control('settings', { after_last_retry: 'unpaid' });
    const { customer, id } = await failing();
    await customer.advanceTo('2026-04-01T00:00:00Z');
    await double.control('settings', { after_last_retry: 'cancel' });
    expect(await status(id)).toBe('unpaid');
    expect((await customer.invoices()).map(invoice => invoice.status)).toEqual(['paid', 'open', 'draft']);
    await customer.use('pm_card_visa');
    const { latest_invoice: latest } = await client.subscriptions.retrieve(id);
    await client.invoices.pay(String(latest));
    expect(await status(id)).toBe('active');
  });

  test('is not tried while its subscription is given a new trial', async () => {
    const { customer, id } = await failing();
    await client.subscriptions.update(id, { trial_end: seconds('2026-03-20T00:00:00Z'), proration_behavior: 'none' });
    await customer.advanceTo('2026-03-10T00:00:00Z');
    expect((await customer.invoices())[1]).toMatchObject({ status: 'open', next_payment_attempt: null });
    expect(await status(id)).toBe('trialing');
  });

  test('needs the cardholder where the bank asks for one', async () => {
    const customer = await customerAt(client, start, 'pm_card_visa');
    const { id } = await customer.subscribe('STARTER');
    await customer.use('pm_card_authenticationRequired');
    await customer.advanceTo('2026-02-28T02:00:00Z');
    expect(await status(id)).toBe('past_due');
    expect((await customer.events()).slice(-3)).toEqual(
      expect.arrayContaining(['invoice.payment_action_required', 'customer.subscription.updated']),
    );
    const [, open] = await customer.invoices();
    expect(await refusal(client.invoices.pay(open?.id ?? ''))).toMatchObject({
      statusCode: 402,
      code: 'invoice_payment_intent_requires_action',
    });
  });

  test('no longer counts once its invoice is void or written off', async () => {
    for (const give of ['voidInvoice', 'markUncollectible'] as const) {
      const { customer, id } = await failing();
      const [, open] = await customer.invoices();
      await client.invoices[give](open?.id ?? '');
      expect(await status(id)).toBe('active');
    }
  });
});
