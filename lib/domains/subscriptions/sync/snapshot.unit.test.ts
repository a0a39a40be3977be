/** Subscriptions of old and new API versions are read alike; what is odd is named and never ends the reading. */
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '@/lib/domains/subscriptions/sync/snapshot';

const start = 1_793_000_000;
const end = start + 30 * 86_400;
const at = (seconds: number) => new Date(seconds * 1_000);

const price = (lookupKey: string | null, more: object = {}) => ({
  id: 'price_1',
  object: 'price',
  lookup_key: lookupKey,
  unit_amount: 19_900,
  currency: 'usd',
  recurring: { interval: 'month', interval_count: 1 },
  metadata: {},
  ...more,
});
const items = (...data: object[]) => ({ object: 'list', data, has_more: false });
const base = {
  id: 'sub_1',
  object: 'subscription',
  customer: 'cus_1',
  status: 'active',
  created: start,
  items: items({ price: price('tenantry_professional_monthly'), quantity: 1 }),
};
const newShape = {
  ...base,
  items: items({
    price: price('tenantry_professional_monthly'),
    quantity: 1,
    current_period_start: start,
    current_period_end: end,
  }),
};
const oldShape = { ...base, current_period_start: start, current_period_end: end };

describe('both shapes of the API', () => {
  test('the period on the subscription and the period on its item are the same to us', () => {
    expect(snapshotOf(oldShape)).toEqual(snapshotOf(newShape));
    expect(snapshotOf(newShape)).toMatchObject({
      stripeSubscriptionId: 'sub_1',
      stripeCustomerId: 'cus_1',
      stripeStatus: 'active',
      plan: 'PROFESSIONAL',
      problems: [],
      monthlyPriceUsd: '199.00',
      currency: 'USD',
      periodStart: at(start),
      periodEnd: at(end),
      cancelAt: null,
    });
  });

  test('an end at the period’s end and an end on a day are both when it ends', () => {
    expect(snapshotOf({ ...oldShape, cancel_at_period_end: true }).cancelAt).toEqual(at(end));
    expect(snapshotOf({ ...newShape, cancel_at_period_end: true }).cancelAt).toEqual(at(end));
    expect(snapshotOf({ ...newShape, cancel_at: start + 5 }).cancelAt).toEqual(at(start + 5));
  });
});

describe('what does not add up is named', () => {
  const kinds = (given: object) => snapshotOf({ ...newShape, ...given }).problems.map(problem => problem.kind);
  test.each([
    ['a price of somebody else', items({ price: price('other_monthly'), quantity: 1 }), ['unknown_price']],
    ['a price without a look-up key', items({ price: price(null), quantity: 1 }), ['unknown_price']],
    ['an item without a price', items({ price: null, quantity: 1 }), ['unknown_price']],
    ['no item', items(), ['several_items']],
    ['two items', items({ price: price(null) }, { price: price(null) }), ['several_items']],
    ['more items than were shown', { ...newShape.items, has_more: true }, ['several_items']],
    ['two of one plan', items({ price: price('tenantry_starter_monthly'), quantity: 2 }), ['quantity']],
    ['two of an unknown one', items({ price: price('x'), quantity: 2 }), ['quantity', 'unknown_price']],
    ['items that are none', 'nonsense', ['several_items']],
  ])('%s', (_, given, wanted) => {
    const snapshot = snapshotOf({ ...newShape, items: given });
    expect(snapshot.problems.map(problem => problem.kind)).toEqual(wanted);
    expect(snapshot.plan).toBeNull();
  });

  test('a quantity that Stripe leaves out is one', () => {
    expect(kinds({ items: items({ price: price('tenantry_starter_monthly'), quantity: null }) })).toEqual([]);
  });

  test('a retired price is known by the plan noted on it; a noted plan that we do not know is not', () => {
    const noted = (plan: string) => items({ price: price(null, { metadata: { plan } }), quantity: 1 });
    expect(snapshotOf({ ...newShape, items: noted('SCALE') }).plan).toBe('SCALE');
    expect(snapshotOf({ ...newShape, items: noted('toString') }).plan).toBeNull();
  });

  test('a price that is billed otherwise has no price of a month', () => {
    const yearly = price('tenantry_scale_monthly', { recurring: { interval: 'year', interval_count: 1 } });
    expect(snapshotOf({ ...newShape, items: items({ price: yearly, quantity: 1 }) }).monthlyPriceUsd).toBeNull();
    const euros = price('tenantry_scale_monthly', { currency: 'eur' });
    expect(snapshotOf({ ...newShape, items: items({ price: euros, quantity: 1 }) })).toMatchObject({
      monthlyPriceUsd: null,
      currency: 'EUR',
      plan: 'SCALE',
    });
  });
});

describe('fields of any kind', () => {
  test('a status of next year, and odd or missing fields, are read as unknown', () => {
    const odd = {
      ...newShape,
      status: 'hibernating',
      trial_end: 'soon',
      cancel_at: -1,
      canceled_at: {},
      cancellation_details: 'because',
      schedule: 7,
      new_field: [1, 2],
    };
    expect(snapshotOf(odd)).toMatchObject({
      stripeStatus: 'hibernating',
      trialEnd: null,
      cancelAt: null,
      canceledAt: null,
      cancellationReason: null,
      scheduled: null,
      plan: 'PROFESSIONAL',
    });
  });

  test('what is no subscription is refused', () => {
    for (const given of [null, {}, { ...newShape, id: 'in_1' }, { ...newShape, customer: null }])
      expect(() => snapshotOf(given)).toThrow();
  });
});

describe('cards and planned changes', () => {
  const payer = (more: object) => ({
    id: 'cus_1',
    object: 'customer',
    invoice_settings: { default_payment_method: null },
    ...more,
  });
  test.each([
    ['not known from an id alone', {}, null],
    ['the subscription’s own', { default_payment_method: 'pm_1' }, true],
    ['the customer’s', { customer: payer({ invoice_settings: { default_payment_method: { id: 'pm_1' } } }) }, true],
    ['the customer’s older kind', { customer: payer({ default_source: 'card_1' }) }, true],
    ['none', { customer: payer({}) }, false],
  ])('a card on file: %s', (_, more, wanted) => {
    expect(snapshotOf({ ...newShape, ...more })).toMatchObject({
      stripeCustomerId: 'cus_1',
      paymentMethodOnFile: wanted,
    });
  });

  const phase = (begins: number, lookupKey: string) => ({ start_date: begins, items: [{ price: price(lookupKey) }] });
  const schedule = (status: string, ...phases: object[]) => ({ id: 'sub_sched_1', status, phases });
  test.each([
    [
      'a later phase with another plan',
      schedule('active', phase(start, 'tenantry_professional_monthly'), phase(end, 'tenantry_starter_monthly')),
      'STARTER',
    ],
    [
      'a later phase with the same plan',
      schedule('active', phase(start, 'tenantry_professional_monthly'), phase(end, 'tenantry_professional_monthly')),
      null,
    ],
    ['a schedule that was released', schedule('released', phase(end, 'tenantry_starter_monthly')), null],
    ['a phase whose price is an id', schedule('active', { start_date: end, items: [{ price: 'price_2' }] }), null],
  ])('planned: %s', (_, given, wanted) => {
    const { scheduled } = snapshotOf({ ...newShape, schedule: given });
    expect(scheduled).toEqual(wanted ? { plan: wanted, at: at(end) } : null);
  });
});
