import { expect, test } from 'vitest';
import {
  isLimitReached,
  nextUtcMonth,
  type QuotaSnapshot,
  type Refusal,
  refusalError,
  secondsUntil,
} from '@/lib/domains/quotas/rules';

const quota: QuotaSnapshot = {
  day: '2026-12-31',
  runsToday: 6,
  dailyLimit: 6,
  runsMonth: 40,
  monthlyLimit: 40,
  running: 3,
  concurrentLimit: 3,
  warning: true,
  exceeded: true,
};
const now = new Date('2026-12-31T22:00:00.500Z');

const cases: [
  refusal: Refusal,
  code: string,
  status: number,
  retryAfterSeconds: number | undefined,
  counted: boolean,
][] = [
  ['quota_exceeded', 'quota_exceeded', 429, 7_200, true],
  ['monthly_quota_exceeded', 'quota_exceeded', 429, 7_200, true],
  ['concurrency_exceeded', 'concurrency_exceeded', 429, 5, true],
  ['subscription_inactive', 'subscription_inactive', 403, undefined, false],
  ['customer_suspended', 'customer_suspended', 403, undefined, false],
  ['idempotency_mismatch', 'idempotency_mismatch', 422, undefined, false],
  ['unknown_customer', 'not_found', 404, undefined, false],
];
test.each(cases)('%s answers %s (%i), retry after %s s', (refusal, code, status, retryAfterSeconds, counted) => {
  expect(refusalError(refusal, quota, now)).toMatchObject({ code, status, retryAfterSeconds });
  expect(isLimitReached(refusal)).toBe(counted);
});

test('waits are rounded up and never zero; December is followed by January', () => {
  expect(secondsUntil(new Date(now.getTime() + 1), now)).toBe(1);
  expect(secondsUntil(now, now)).toBe(1);
  expect(nextUtcMonth(now).toISOString()).toBe('2027-01-01T00:00:00.000Z');
  expect(nextUtcMonth(new Date('2026-01-31T23:59:59Z')).toISOString()).toBe('2026-02-01T00:00:00.000Z');
});
