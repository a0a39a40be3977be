/** Changing a plan bills what Stripe bills: to the second, at once or later, and never where payment was to succeed and did not. */
import type Stripe from 'stripe';
import { afterAll, describe, expect, test } from 'vitest';
import { startDouble } from '@/dev/doubles/stripe/start-double';
import type { TestPlan } from '@/dev/doubles/stripe/test-catalog';
import { customerAt, iso, priceOf, refusal, seconds, type TestCustomer } from '@/dev/doubles/stripe/test-customer';

const double = await startDouble();
const { client } = double;
afterAll(() => double.stop());
const start = '2026-03-01T00:00:00Z';
const middle = '2026-03-16T12:00:00Z';

/** A customer half way through March on a plan. */
async function onPlan(plan: TestPlan): Promise<{ customer: TestCustomer; id: string; item: string }> {
  const customer = await customerAt(client, start, 'pm_card_visa');
  const { id, items } = await customer.subscribe(plan);
  await customer.advanceTo(middle);
  return { customer, id, item: items.data[0]?.id ?? '' };
}
const to = async (item: string, plan: TestPlan) => [{ id: item, price: await priceOf(client, plan) }];
const planOf = async (id: string) => (await client.subscriptions.retrieve(id)).items.data[0]?.price.lookup_key;
const linesOf = (invoice: Stripe.Invoice | string | null) =>
  typeof invoice === 'object' ? invoice?.lines.data.map(({ description, amount }) => [description, amount]) : undefined;

describe('an upgrade billed at once', () => {
  test('bills the difference of what is left of the period, as its preview said', async () => {
    const { id, item } = await onPlan('STARTER');
    const items = await to(item, 'SCALE');
    const preview = await client.invoices.createPreview({
      subscription: id,
      subscription_details: { items, proration_behavior: 'always_invoice' },
    });
    const changed = await client.subscriptions.update(id, {
      items,
      proration_behavior: 'always_invoice',
      payment_behavior: 'error_if_incomplete',
      expand: ['latest_invoice'],
    });
    const lines = [
      ['Unused time on Tenantry Starter after 16 Mar 2026', -2450],
      ['Remaining time on Tenantry Scale after 16 Mar 2026', 24_950],
    ];
    expect([linesOf(preview), linesOf(changed.latest_invoice)]).toEqual([lines, lines]);
    expect(preview.total).toBe(22_500);
    expect(changed.latest_invoice).toMatchObject({
      status: 'paid',
      total: 22_500,
      billing_reason: 'subscription_update',
      lines: { data: [{ parent: { subscription_item_details: { proration: true } } }, {}] },
    });
    expect(changed.items.data[0]).toMatchObject({ id: item, price: { lookup_key: 'tenantry_scale_monthly' } });
    expect(iso(changed.items.data[0]?.current_period_end)).toBe('2026-04-01T00:00:00Z');
  });

  test('is prorated to the second, and at the second that the caller names', async () => {
    const { id, item } = await onPlan('STARTER');
    const preview = async (at: string) =>
      client.invoices.createPreview({
        subscription: id,
        subscription_details: {
          items: await to(item, 'PROFESSIONAL'),
          proration_behavior: 'always_invoice',
          proration_date: seconds(at),
        },
      });
    const month = 31 * 86_400;
    const share = (cents: number, at: string) =>
      Math.round((cents * (seconds('2026-04-01T00:00:00Z') - seconds(at))) / month);
    for (const at of ['2026-03-10T07:13:59Z', '2026-03-16T11:59:58Z']) {
      expect((await preview(at)).lines.data.map(line => line.amount)).toEqual([-share(4900, at), share(19_900, at)]);
    }
    expect(await refusal(preview('2026-02-01T00:00:00Z'))).toMatchObject({ param: 'proration_date' });
  });

  test('is refused with nothing changed where the card is', async () => {
    const { customer, id, item } = await onPlan('STARTER');
    const refusals = {
      pm_card_chargeCustomerFail: 'card_declined',
      pm_card_authenticationRequired: 'subscription_payment_intent_requires_action',
    };
    for (const [card, code] of Object.entries(refusals)) {
      await customer.use(card);
      const before = await customer.events();
      const call = client.subscriptions.update(id, {
        items: await to(item, 'SCALE'),
        metadata: { tried: card },
        proration_behavior: 'always_invoice',
        payment_behavior: 'error_if_incomplete',
      });
      expect(await refusal(call)).toMatchObject({ statusCode: 402, type: 'StripeCardError', code });
      expect(await client.subscriptions.retrieve(id)).toMatchObject({ status: 'active', metadata: {} });
      expect(await planOf(id)).toBe('tenantry_starter_monthly');
      expect([await customer.events(), (await customer.invoices()).length]).toEqual([before, 1]);
    }
  });

  test('happens and is past due where the card is declined and nothing else was asked', async () => {
    const { customer, id, item } = await onPlan('STARTER');
    await customer.use('pm_card_chargeCustomerFail');
    await client.subscriptions.update(id, { items: await to(item, 'SCALE'), proration_behavior: 'always_invoice' });
    expect([(await client.subscriptions.retrieve(id)).status, await planOf(id)]).toEqual([
      'past_due',
      'tenantry_scale_monthly',
    ]);
  });

  test('waits beside the subscription where that was asked, and happens when it is paid', async () => {
    const { customer, id, item } = await onPlan('STARTER');
    await customer.use('pm_card_chargeCustomerFail');
    const change = async () =>
      client.subscriptions.update(id, {
        items: await to(item, 'SCALE'),
        proration_behavior: 'always_invoice',
        payment_behavior: 'pending_if_incomplete',
      });
    expect(await change()).toMatchObject({
      status: 'active',
      pending_update: { subscription_items: [{ price: { lookup_key: 'tenantry_scale_monthly' } }] },
    });
    expect(await planOf(id)).toBe('tenantry_starter_monthly');
    await customer.advanceTo('2026-03-17T11:00:00Z');
    const expired = await client.subscriptions.retrieve(id);
    expect([expired.pending_update, (await customer.invoices())[1]?.status]).toEqual([null, 'void']);
    const { latest_invoice: invoice } = await change();
    await customer.use('pm_card_visa');
    await client.invoices.pay(String(invoice));
    expect([await planOf(id), (await client.subscriptions.retrieve(id)).pending_update]).toEqual([
      'tenantry_scale_monthly',
      null,
    ]);
  });
});

describe('a change that waits to be paid', () => {
  const wait = async (id: string, item: string, params: Stripe.SubscriptionUpdateParams = {}) =>
    client.subscriptions.update(id, {
      items: await to(item, 'SCALE'),
      proration_behavior: 'always_invoice',
      payment_behavior: 'pending_if_incomplete',
      ...params,
    });

  test('waits no longer than the period lasts', async () => {
    const { customer, id, item } = await onPlan('STARTER');
    await customer.use('pm_card_authenticationRequired');
    await customer.advanceTo('2026-03-31T20:00:00Z');
    expect(iso((await wait(id, item)).pending_update?.expires_at)).toBe('2026-04-01T00:00:00Z');
    await customer.use('pm_card_visa');
    await customer.advanceTo('2026-04-01T02:00:00Z');
    expect([await planOf(id), (await client.subscriptions.retrieve(id)).status]).toEqual([
      'tenantry_starter_monthly',
      'active',
    ]);
    expect((await customer.invoices()).map(({ status, total }) => [status, total])).toEqual([
      ['paid', 4900],
      ['void', expect.any(Number)],
      ['paid', 4900],
    ]);
  });

  test('is forgotten when a schedule changes the phase', async () => {
    const { customer, id, item } = await onPlan('STARTER');
    const schedule = await client.subscriptionSchedules.create({ from_subscription: id });
    const from = { items: [{ price: await priceOf(client, 'STARTER') }], start_date: seconds(start) };
    await client.subscriptionSchedules.update(schedule.id, {
      proration_behavior: 'none',
      phases: [
        { ...from, end_date: seconds('2026-03-16T20:00:00Z') },
        { items: [{ price: await priceOf(client, 'PROFESSIONAL') }], proration_behavior: 'none' },
      ],
    });
    await customer.use('pm_card_authenticationRequired');
    await wait(id, item);
    await customer.advanceTo('2026-03-16T21:00:00Z');
    expect([await planOf(id), (await client.subscriptions.retrieve(id)).pending_update]).toEqual([
      'tenantry_professional_monthly',
      null,
    ]);
    expect((await customer.invoices())[1]?.status).toBe('void');
  });

  test('takes notes with it, refuses what no payment decides, and its end is told', async () => {
    const { customer, id, item } = await onPlan('STARTER');
    await customer.use('pm_card_authenticationRequired');
    expect(await refusal(wait(id, item, { cancel_at_period_end: true }))).toMatchObject({
      statusCode: 400,
      param: 'cancel_at_period_end',
    });
    const { latest_invoice: first, metadata } = await wait(id, item, { metadata: { by: 'ada' } });
    expect(metadata).toEqual({});
    await client.invoices.voidInvoice(String(first));
    const { latest_invoice: second } = await wait(id, item, { metadata: { by: 'ada' } });
    await customer.use('pm_card_visa');
    await client.invoices.pay(String(second));
    expect((await client.subscriptions.retrieve(id)).metadata).toEqual({ by: 'ada' });
    const ends = (await customer.events()).filter(type => type.includes('pending_update'));
    expect(ends.map(type => type.replace('customer.subscription.', ''))).toEqual([
      'pending_update_expired',
      'pending_update_applied',
    ]);
  });
});

test('a change billed later adds its lines to the next invoice', async () => {
  const { customer, id, item } = await onPlan('STARTER');
  await client.subscriptions.update(id, { items: await to(item, 'PROFESSIONAL') });
  expect(await customer.invoices()).toHaveLength(1);
  const next = await client.invoices.createPreview({ subscription: id });
  expect(next.lines.data.map(line => line.amount)).toEqual([-2450, 9950, 19_900]);
  await customer.advanceTo('2026-04-01T01:00:00Z');
  expect((await customer.invoices())[1]).toMatchObject({ total: 27_400, status: 'paid' });
  await customer.advanceTo('2026-05-01T01:00:00Z');
  expect((await customer.invoices())[2]).toMatchObject({ total: 19_900 });
});

test('a change without proration bills nothing for this period', async () => {
  const { customer, id, item } = await onPlan('STARTER');
  await client.subscriptions.update(id, { items: await to(item, 'SCALE'), proration_behavior: 'none' });
  await customer.advanceTo('2026-04-01T01:00:00Z');
  expect((await customer.invoices()).map(({ total }) => total)).toEqual([4900, 49_900]);
});

test('a downgrade billed at once leaves credit, which the next invoices use up', async () => {
  const { customer, id, item } = await onPlan('SCALE');
  await client.subscriptions.update(id, { items: await to(item, 'STARTER'), proration_behavior: 'always_invoice' });
  expect((await customer.invoices())[1]).toMatchObject({ total: -22_500, amount_due: 0, status: 'paid' });
  expect(await client.customers.retrieve(customer.id)).toMatchObject({ balance: -22_500 });
  await customer.advanceTo('2026-04-01T01:00:00Z');
  expect((await customer.invoices())[2]).toMatchObject({ total: 4900, amount_due: 0, status: 'paid' });
  expect(await client.customers.retrieve(customer.id)).toMatchObject({ balance: -17_600 });
});

test('a new anchor begins a period now', async () => {
  const { id } = await onPlan('STARTER');
  const moved = await client.subscriptions.update(id, {
    billing_cycle_anchor: { type: 'now' },
    proration_behavior: 'always_invoice',
    expand: ['latest_invoice'],
  });
  expect(iso(moved.items.data[0]?.current_period_end)).toBe('2026-04-16T12:00:00Z');
  expect(linesOf(moved.latest_invoice)?.map(([, amount]) => amount)).toEqual([-2450, 4900]);
});

describe('a change that cannot be', () => {
  test('names what is wrong', async () => {
    const { id, item } = await onPlan('STARTER');
    const update = (params: Stripe.SubscriptionUpdateParams) => refusal(client.subscriptions.update(id, params));
    expect(await update({ items: [{ id: 'si_none', price: 'x' }] })).toMatchObject({ param: 'items[0][id]' });
    expect(await update({ items: [{ id: item, price: 'price_none' }] })).toMatchObject({ param: 'items[0][price]' });
    expect(await update({ items: [{ id: item, deleted: true }] })).toMatchObject({ statusCode: 400 });
    expect(await update({ items: [{ quantity: 1 }] })).toMatchObject({ code: 'parameter_missing' });
    expect(await update({ items: [{ price: await priceOf(client, 'STARTER') }] })).toMatchObject({ param: 'items' });
    expect(await update({ trial_end: seconds(start) })).toMatchObject({ param: 'trial_end' });
  });
});
