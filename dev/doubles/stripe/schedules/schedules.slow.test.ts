/** A change for the period's end: schedules run by the clock, are taken back, and hold off what would go behind their back. */
import { afterAll, describe, expect, test } from 'vitest';
import { startDouble } from '@/dev/doubles/stripe/start-double';
import type { TestPlan } from '@/dev/doubles/stripe/test-catalog';
import { customerAt, iso, priceOf, refusal, seconds } from '@/dev/doubles/stripe/test-customer';

const double = await startDouble();
const { client } = double;
afterAll(() => double.stop());
const start = '2026-03-01T00:00:00Z';
const planOf = async (id: string) => (await client.subscriptions.retrieve(id)).items.data[0]?.price.lookup_key;

/** A customer on SCALE in the middle of March, whose plan becomes another at the period's end. */
async function scheduled(next: TestPlan) {
  const customer = await customerAt(client, start, 'pm_card_visa');
  const { id } = await customer.subscribe('SCALE');
  await customer.advanceTo('2026-03-10T00:00:00Z');
  const { id: schedule, phases } = await client.subscriptionSchedules.create({ from_subscription: id });
  const [current] = phases;
  if (!current) throw new Error('no phase');
  const from = { items: [{ price: await priceOf(client, 'SCALE') }], start_date: current.start_date };
  const made = await client.subscriptionSchedules.update(schedule, {
    end_behavior: 'release',
    proration_behavior: 'none',
    phases: [
      { ...from, end_date: current.end_date },
      { items: [{ price: await priceOf(client, next) }], duration: { interval: 'month', interval_count: 1 } },
    ],
  });
  return { customer, id, schedule, made, from };
}

test('the plan changes at the period’s end, not before, and the new period bills it alone', async () => {
  const { customer, id, schedule, made } = await scheduled('STARTER');
  expect(made.phases.map(({ start_date, end_date }) => [iso(start_date), iso(end_date)])).toEqual([
    [start, '2026-04-01T00:00:00Z'],
    ['2026-04-01T00:00:00Z', '2026-05-01T00:00:00Z'],
  ]);
  const read = await client.subscriptions.retrieve(id, { expand: ['schedule'] });
  expect(read.schedule).toMatchObject({ id: schedule, status: 'active', subscription: id });
  expect((await client.invoices.createPreview({ subscription: id })).total).toBe(4900);
  await customer.advanceTo('2026-03-31T23:59:59Z');
  expect(await planOf(id)).toBe('tenantry_scale_monthly');
  await customer.advanceTo('2026-04-01T01:00:00Z');
  expect(await planOf(id)).toBe('tenantry_starter_monthly');
  expect((await customer.invoices()).map(({ total, status }) => [total, status])).toEqual([
    [49_900, 'paid'],
    [4900, 'paid'],
  ]);
});

test('after its last phase the subscription goes on without it', async () => {
  const { customer, id, schedule } = await scheduled('STARTER');
  await customer.advanceTo('2026-05-01T01:00:00Z');
  expect(await client.subscriptionSchedules.retrieve(schedule)).toMatchObject({
    status: 'released',
    released_subscription: id,
    subscription: null,
  });
  expect(await client.subscriptions.retrieve(id)).toMatchObject({ status: 'active', schedule: null });
  expect(await planOf(id)).toBe('tenantry_starter_monthly');
  expect((await customer.invoices()).map(({ total }) => total)).toEqual([49_900, 4900, 4900]);
});

test('released before, the plan stays', async () => {
  const { customer, id, schedule } = await scheduled('STARTER');
  await client.subscriptionSchedules.release(schedule);
  await customer.advanceTo('2026-04-01T01:00:00Z');
  expect(await planOf(id)).toBe('tenantry_scale_monthly');
  expect(await refusal(client.subscriptionSchedules.release(schedule))).toMatchObject({ statusCode: 400 });
  const events = (await customer.events()).filter(type => type.startsWith('subscription_schedule'));
  expect(events).toEqual([
    'subscription_schedule.created',
    'subscription_schedule.updated',
    'subscription_schedule.released',
  ]);
});

test('one that cancels ends the subscription with its last phase', async () => {
  const { customer, id, schedule } = await scheduled('STARTER');
  await client.subscriptionSchedules.update(schedule, { end_behavior: 'cancel' });
  expect(iso((await client.subscriptions.retrieve(id)).cancel_at)).toBe('2026-05-01T00:00:00Z');
  await customer.advanceTo('2026-05-02T00:00:00Z');
  expect((await client.subscriptions.retrieve(id)).status).toBe('canceled');
  expect((await client.subscriptionSchedules.retrieve(schedule)).status).toBe('completed');
});

describe('a subscription under a schedule', () => {
  test('leaves its end and its trial to the schedule', async () => {
    const { id } = await scheduled('STARTER');
    for (const params of [{ cancel_at_period_end: true }, { trial_end: seconds('2026-03-20T00:00:00Z') }]) {
      const error = await refusal(client.subscriptions.update(id, params));
      expect(error).toMatchObject({ statusCode: 400 });
      expect(error.message).toContain('managed by the subscription schedule');
    }
  });

  test('changed directly splits the current phase, and the next one still comes', async () => {
    const { customer, id, schedule } = await scheduled('STARTER');
    const [item] = (await client.subscriptions.retrieve(id)).items.data;
    const price = await priceOf(client, 'PROFESSIONAL');
    await client.subscriptions.update(id, { items: [{ id: item?.id ?? '', price }], proration_behavior: 'none' });
    const { phases } = await client.subscriptionSchedules.retrieve(schedule);
    expect(phases.map(phase => iso(phase.start_date))).toEqual([start, '2026-03-10T00:00:00Z', '2026-04-01T00:00:00Z']);
    expect(phases[1]?.items[0]?.price).toBe(price);
    await customer.advanceTo('2026-04-02T00:00:00Z');
    expect(await planOf(id)).toBe('tenantry_starter_monthly');
  });

  test('canceled ends the schedule with it', async () => {
    const { id, schedule } = await scheduled('STARTER');
    await client.subscriptions.cancel(id);
    expect((await client.subscriptionSchedules.retrieve(schedule)).status).toBe('canceled');
  });

  test('cannot have two', async () => {
    const { id } = await scheduled('STARTER');
    expect(await refusal(client.subscriptionSchedules.create({ from_subscription: id }))).toMatchObject({
      statusCode: 400,
      param: 'from_subscription',
    });
  });
});

test('phases that do not fit are refused', async () => {
  const { schedule, from, customer } = await scheduled('STARTER');
  const update = (phases: object[]) =>
    refusal(client.subscriptionSchedules.update(schedule, { phases: phases as never }));
  expect((await update([{ items: from.items }])).message).toContain('`start_date` to anchor end dates to');
  expect(await update([{ ...from, start_date: from.start_date + 60 }])).toMatchObject({
    param: 'phases[0][start_date]',
  });
  expect(await update([{ ...from, end_date: from.start_date }])).toMatchObject({ param: 'phases[0][end_date]' });
  expect(await update([{ ...from, items: [{ price: 'price_none' }] }])).toMatchObject({
    param: 'phases[0][items][0][price]',
  });
  const { data } = await client.subscriptionSchedules.list({ customer: customer.id });
  expect(data.map(({ id }) => id)).toEqual([schedule]);
});
