/** Test clocks move their own customers only; what is due comes in its order; real time passes for the others. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { startDouble } from '@/dev/doubles/stripe/start-double';
import { customerAt, iso, priceOf, refusal, seconds } from '@/dev/doubles/stripe/test-customer';

const double = await startDouble();
const { client } = double;
afterAll(() => double.stop());
const start = '2026-03-01T00:00:00Z';
const clocks = client.testHelpers.testClocks;

test('advancing says so, and is ready at the next look', async () => {
  const clock = await clocks.create({ frozen_time: seconds(start), name: 'March' });
  expect(clock).toMatchObject({ status: 'ready', name: 'March', frozen_time: seconds(start) });
  const target = seconds('2026-03-02T00:00:00Z');
  expect(await clocks.advance(clock.id, { frozen_time: target })).toMatchObject({
    status: 'advancing',
    status_details: { advancing: { target_frozen_time: target } },
  });
  expect(await clocks.retrieve(clock.id)).toMatchObject({ status: 'ready', frozen_time: target });
  expect(await refusal(clocks.advance(clock.id, { frozen_time: target }))).toMatchObject({ param: 'frozen_time' });
  expect((await clocks.list()).data.map(({ id }) => id)).toContain(clock.id);
});

test('one clock’s time does not pass for another’s customers', async () => {
  const [moved, still] = [
    await customerAt(client, start, 'pm_card_visa'),
    await customerAt(client, start, 'pm_card_visa'),
  ];
  for (const customer of [moved, still]) await customer.subscribe('STARTER');
  await moved.advanceTo('2026-06-15T00:00:00Z');
  expect([(await moved.invoices()).length, (await still.invoices()).length]).toEqual([4, 1]);
});

test('what happens on the way is dated when it was due', async () => {
  const customer = await customerAt(client, start, 'pm_card_visa');
  await customer.subscribe('STARTER', { trial_period_days: 14 });
  await customer.use('pm_card_chargeCustomerFail');
  await customer.advanceTo('2026-05-15T00:00:00Z');
  const all = await client.events.list({ limit: 100 }).autoPagingToArray({ limit: 1000 });
  const own = all.filter(({ data: { object } }) => 'customer' in object && object.customer === customer.id).reverse();
  const when = (type: string) => own.filter(event => event.type === type).map(({ created }) => iso(created));
  expect(when('customer.subscription.trial_will_end')).toEqual(['2026-03-12T00:00:00Z']);
  expect(when('invoice.payment_failed')).toEqual([
    '2026-03-15T01:00:00Z',
    '2026-03-16T01:00:00Z',
    '2026-03-19T01:00:00Z',
    '2026-03-24T01:00:00Z',
    '2026-03-31T01:00:00Z',
  ]);
  expect(when('customer.subscription.deleted')).toEqual(['2026-03-31T01:00:00Z']);
  const times = own.map(({ created }) => created);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
});

test('removed, a clock takes its customers and what is theirs with it', async () => {
  const customer = await customerAt(client, start, 'pm_card_visa');
  const { id } = await customer.subscribe('STARTER');
  await clocks.del(customer.clock);
  for (const call of [client.customers.retrieve(customer.id), client.subscriptions.retrieve(id)]) {
    expect(await refusal(call)).toMatchObject({ statusCode: 404 });
  }
});

test('without a clock time passes by itself', async () => {
  const { id: customer } = await client.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const soon = Math.floor(Date.now() / 1000) + 2;
  const { id } = await client.subscriptions.create({
    customer,
    items: [{ price: await priceOf(client, 'STARTER') }],
    trial_end: soon,
  });
  const read = () => client.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
  expect((await read()).status).toBe('trialing');
  for (let tries = 0; tries < 60 && (await read()).status === 'trialing'; tries++) await sleep(100);
  expect(await read()).toMatchObject({ status: 'active', latest_invoice: { status: 'draft', created: soon } });
});
