import { describe, expect, test } from 'vitest';
import {
  type ChangeableFacts,
  isFreshQuote,
  misfitsOf,
  quoteSeconds,
  refusalOf,
  trialEnd,
  trialToPassOn,
} from '@/lib/domains/subscriptions/change/change-rules';
import { directionOf } from '@/lib/domains/subscriptions/rules';

test.each([
  ['STARTER', 'PROFESSIONAL', 'upgrade'],
  ['STARTER', 'SCALE', 'upgrade'],
  ['SCALE', 'PROFESSIONAL', 'downgrade'],
  ['SCALE', 'SCALE', 'same'],
] as const)('%s to %s is %s', (from, to, direction) => expect(directionOf(from, to)).toBe(direction));

describe('a plan', () => {
  const sound: ChangeableFacts = { stripeStatus: 'active', cancelAt: null, items: 1, quantity: 1 };
  const cases: [name: string, facts: Partial<ChangeableFacts>, refusal: RegExp | null][] = [
    ['may change while it is paid', {}, null],
    ['may change in its trial', { stripeStatus: 'trialing' }, null],
    [
      'may not while a payment is owed',
      { stripeStatus: 'past_due' },
      /^A payment is owed\. Pay the open invoice first/,
    ],
    ['may not once Stripe has given up', { stripeStatus: 'unpaid' }, /^A payment is owed/],
    ['may not while it is paused', { stripeStatus: 'paused' }, /^The subscription is paused\. Add a card/],
    ['may not once it has ended', { stripeStatus: 'canceled' }, /^There is no paid plan/],
    ['may not in a status that Stripe may add', { stripeStatus: 'resting' }, /^There is no paid plan/],
    [
      'may not while it is ending',
      { cancelAt: new Date('2026-11-30T10:00:00Z') },
      /^The subscription ends on 30 Nov 2026\. Renew it in Stripe first/,
    ],
    ['may not with two things on it', { items: 2 }, /^This subscription was made to measure/],
    ['may not when sold twice', { quantity: 2 }, /^This subscription was made to measure/],
  ];
  test.each(cases)('%s', (_, facts, refusal) => {
    const answer = refusalOf({ ...sound, ...facts });
    if (refusal) expect(answer).toMatch(refusal);
    else expect(answer).toBeNull();
  });
});

test.each([
  [0, true],
  [-quoteSeconds, true],
  [-quoteSeconds - 1, false],
  [-86_400, false],
  [30, true],
  [31, false],
  [2_591_999, false],
])('an amount computed %i seconds from now may be confirmed: %j', (seconds, fresh) => {
  const now = 1_795_000_000;
  expect(isFreshQuote(now + seconds, now)).toBe(fresh);
});

test('what is over the smaller plan’s limits does not fit; what is at them does', () => {
  expect(misfitsOf('STARTER', { seats: 2, providers: 3, runsToday: 6 })).toEqual([]);
  expect(misfitsOf('STARTER', { seats: 5, providers: 4, runsToday: 7 })).toEqual([
    { what: 'seats', used: 5, limit: 2 },
    { what: 'providers', used: 4, limit: 3 },
    { what: 'runs_per_day', used: 7, limit: 6 },
  ]);
});

describe('what is left of a trial', () => {
  const now = new Date('2026-11-21T12:00:00Z');

  test('ends with its last day, in UTC', () =>
    expect(trialEnd('2026-11-30').toISOString()).toBe('2026-11-30T23:59:59.000Z'));

  test.each([
    ['2026-11-30', '2026-11-30T23:59:59.000Z'],
    ['2026-11-23', '2026-11-23T23:59:59.000Z'],
    ['2026-11-22', null],
    ['2026-11-21', null],
    ['2026-11-01', null],
    [null, null],
  ])('of %s is passed on as %s', (lastDay, end) =>
    expect(trialToPassOn(lastDay, now)?.toISOString() ?? null).toBe(end),
  );

  test('of exactly 48 hours is passed on', () => {
    const end = trialEnd('2026-11-23');
    expect(trialToPassOn('2026-11-23', new Date(end.getTime() - 48 * 3_600_000))).toEqual(end);
    expect(trialToPassOn('2026-11-23', new Date(end.getTime() - 48 * 3_600_000 + 1))).toBeNull();
  });
});
