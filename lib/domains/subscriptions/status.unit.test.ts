import { describe, expect, test } from 'vitest';
import { isKnownStatus, isLive, statusOf } from '@/lib/domains/subscriptions/status';

const now = new Date('2026-11-21T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

describe('what a status of Stripe means', () => {
  test.each([
    ['trialing', 'TRIAL'],
    ['active', 'ACTIVE'],
    ['unpaid', 'EXPIRED'],
    ['paused', 'EXPIRED'],
    ['canceled', 'CANCELLED'],
    ['incomplete', null],
    ['incomplete_expired', null],
    ['a_status_of_next_year', null],
    ['constructor', null],
  ])('%s is %s', (stripeStatus, ours) => {
    expect(statusOf(stripeStatus, { pastDueSince: null, now })).toBe(ours);
  });

  test.each([
    [0, 'PAST_DUE'],
    [6.99, 'PAST_DUE'],
    [7, 'EXPIRED'],
    [30, 'EXPIRED'],
  ])('owing for %s days is %s', (days, ours) => {
    expect(statusOf('past_due', { pastDueSince: daysAgo(days), now })).toBe(ours);
  });

  test('owing since this moment is in grace', () => {
    expect(statusOf('past_due', { pastDueSince: null, now })).toBe('PAST_DUE');
  });

  test('only what Stripe goes on charging keeps a customer from subscribing again', () => {
    expect(['trialing', 'active', 'past_due', 'unpaid', 'paused'].map(isLive)).toEqual(Array(5).fill(true));
    expect([null, 'canceled', 'incomplete', 'incomplete_expired', 'new'].map(isLive)).toEqual(Array(5).fill(false));
    expect(isKnownStatus('toString')).toBe(false);
  });
});
