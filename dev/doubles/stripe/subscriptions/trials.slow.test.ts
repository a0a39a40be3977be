/** Trials end as Stripe ends them: on to paying, cancelled, paused or past due. */
import type Stripe from 'stripe';
import { afterAll, expect, test } from 'vitest';
import { startDouble } from '@/dev/doubles/stripe/start-double';
import { customerAt, iso } from '@/dev/doubles/stripe/test-customer';

const double = await startDouble();
const { client } = double;
afterAll(() => double.stop());
const start = '2026-03-01T00:00:00Z';
const trial = (missing: Stripe.SubscriptionCreateParams.TrialSettings.EndBehavior.MissingPaymentMethod) => ({
  trial_period_days: 14,
  trial_settings: { end_behavior: { missing_payment_method: missing } },
});
const status = async (id: string) => (await client.subscriptions.retrieve(id)).status;

test('with a card it goes on: active at its end, and charged an hour later', async () => {
  const customer = await customerAt(client, start, 'pm_card_visa');
  const made = await customer.subscribe('PROFESSIONAL', trial('cancel'));
  expect([made.status, iso(made.trial_end)]).toEqual(['trialing', '2026-03-15T00:00:00Z']);
  expect((await customer.invoices()).map(({ total, status: state }) => [total, state])).toEqual([[0, 'paid']]);
  await customer.advanceTo('2026-03-15T00:00:00Z');
  expect(await status(made.id)).toBe('active');
  expect((await customer.invoices()).map(({ total, status: state }) => [total, state])[1]).toEqual([19_900, 'draft']);
  await customer.advanceTo('2026-03-15T01:00:00Z');
  expect((await customer.invoices())[1]).toMatchObject({ status: 'paid', billing_reason: 'subscription_cycle' });
  const [item] = (await client.subscriptions.retrieve(made.id)).items.data;
  expect(iso(item?.current_period_end)).toBe('2026-04-15T00:00:00Z');
});

test('without a card it ends as it was set to', async () => {
  const ends = { cancel: 'canceled', pause: 'paused', create_invoice: 'past_due' } as const;
  for (const [behavior, end] of Object.entries(ends)) {
    const customer = await customerAt(client, start);
    const { id } = await customer.subscribe('STARTER', trial(behavior as keyof typeof ends));
    await customer.advanceTo('2026-03-15T02:00:00Z');
    expect([behavior, await status(id)]).toEqual([behavior, end]);
  }
});

test('three days before, and at once for a shorter one, it is told; once', async () => {
  const told = async (customer: Awaited<ReturnType<typeof customerAt>>) =>
    (await customer.events()).filter(type => type === 'customer.subscription.trial_will_end').length;
  const long = await customerAt(client, start);
  await long.subscribe('STARTER', trial('cancel'));
  await long.advanceTo('2026-03-11T23:59:59Z');
  expect(await told(long)).toBe(0);
  await long.advanceTo('2026-03-12T00:00:00Z');
  await long.advanceTo('2026-03-13T00:00:00Z');
  expect(await told(long)).toBe(1);
  const short = await customerAt(client, start);
  await short.subscribe('STARTER', { trial_period_days: 2 });
  expect(await told(short)).toBe(1);
});

test('ended early it is paid at once', async () => {
  const customer = await customerAt(client, start, 'pm_card_visa');
  const { id } = await customer.subscribe('STARTER', trial('cancel'));
  await customer.advanceTo('2026-03-05T12:00:00Z');
  const now = await client.subscriptions.update(id, { trial_end: 'now', expand: ['latest_invoice'] });
  expect([now.status, iso(now.trial_end), iso(now.items.data[0]?.current_period_end)]).toEqual([
    'active',
    '2026-03-05T12:00:00Z',
    '2026-04-05T12:00:00Z',
  ]);
  expect(now.latest_invoice).toMatchObject({ status: 'paid', total: 4900 });
});

test('a plan changed in it costs nothing, and is what is billed after it', async () => {
  const customer = await customerAt(client, start, 'pm_card_visa');
  const { id, items } = await customer.subscribe('STARTER', trial('cancel'));
  const { data } = await client.prices.list({ lookup_keys: ['tenantry_scale_monthly'] });
  const price = data[0]?.id ?? '';
  const changed = await client.subscriptions.update(id, {
    items: [{ id: items.data[0]?.id ?? '', price }],
    proration_behavior: 'always_invoice',
  });
  expect([changed.status, changed.items.data[0]?.price.id]).toEqual(['trialing', price]);
  expect(await customer.invoices()).toHaveLength(1);
  expect((await client.invoices.createPreview({ subscription: id })).total).toBe(49_900);
  await customer.advanceTo('2026-03-16T00:00:00Z');
  expect((await customer.invoices()).map(({ total, status: state }) => [total, state])).toEqual([
    [0, 'paid'],
    [49_900, 'paid'],
  ]);
});

test('paused at its end, a card and a resume make it active from then on', async () => {
  const customer = await customerAt(client, start);
  const { id } = await customer.subscribe('STARTER', trial('pause'));
  await customer.advanceTo('2026-04-20T00:00:00Z');
  expect(await customer.events()).toContain('customer.subscription.paused');
  await customer.use('pm_card_visa');
  await client.subscriptions.resume(id, { billing_cycle_anchor: { type: 'now' } });
  const resumed = await client.subscriptions.retrieve(id);
  expect([resumed.status, iso(resumed.items.data[0]?.current_period_end)]).toEqual(['active', '2026-05-20T00:00:00Z']);
  expect(await customer.events()).toContain('customer.subscription.resumed');
});
