import { expect, test } from 'vitest';
import {
  expiryProblem,
  graceEnd,
  type KeyState,
  type KeyStatus,
  statusOfKey,
  successorExpiry,
  tierRules,
  wasUsedRecently,
} from '@/lib/domains/keys/rules';

const at = (text: string) => new Date(text);
const now = at('2026-11-21T12:00:00Z');
const working: KeyState = { isActive: true, expiresAt: null, deactivatedAt: null, replaced: false };

const statuses: [sentence: string, key: Partial<KeyState>, status: KeyStatus][] = [
  ['a key without expiry never expires', {}, 'ACTIVE'],
  ['15 days before its end a key is active', { expiresAt: at('2026-12-06T12:00:00Z') }, 'ACTIVE'],
  ['14 days before its end it expires soon', { expiresAt: at('2026-12-05T12:00:00Z') }, 'EXPIRES_SOON'],
  ['at its very end it is expired', { expiresAt: now }, 'EXPIRED'],
  ['a millisecond earlier it is not', { expiresAt: at('2026-11-21T12:00:00.001Z') }, 'EXPIRES_SOON'],
  ['a replaced key works in its grace period', { replaced: true, expiresAt: at('2026-11-22T12:00:00Z') }, 'REPLACED'],
  ['a replaced key expires with its grace', { replaced: true, expiresAt: at('2026-11-21T11:00:00Z') }, 'EXPIRED'],
  ['a switched-off key is revoked', { isActive: false, deactivatedAt: at('2026-11-20T00:00:00Z') }, 'REVOKED'],
  [
    'one revoked before its end stays revoked after it',
    { isActive: false, deactivatedAt: at('2026-11-01T00:00:00Z'), expiresAt: at('2026-11-10T00:00:00Z') },
    'REVOKED',
  ],
  [
    'one the monthly task switched off stays expired',
    { isActive: false, deactivatedAt: at('2026-11-10T03:00:00Z'), expiresAt: at('2026-11-10T00:00:00Z') },
    'EXPIRED',
  ],
];

test.each(statuses)('%s', (_, key, status) => {
  expect(statusOfKey({ ...working, ...key }, now)).toBe(status);
});

test('an expiry lies in the future and within 5 years', () => {
  expect(expiryProblem(null, now)).toBeNull();
  expect(expiryProblem(now, now)).toMatch(/future/);
  expect(expiryProblem(at('2026-11-21T12:00:01Z'), now)).toBeNull();
  expect(expiryProblem(at('2031-11-21T12:00:00Z'), now)).toBeNull();
  expect(expiryProblem(at('2032-01-01T00:00:00Z'), now)).toMatch(/5 years/);
});

test('a grace period never outlasts the old key', () => {
  expect(graceEnd(null, 3_600, now)).toEqual(at('2026-11-21T13:00:00Z'));
  expect(graceEnd(at('2026-11-21T12:30:00Z'), 3_600, now)).toEqual(at('2026-11-21T12:30:00Z'));
  expect(graceEnd(at('2027-01-01T00:00:00Z'), 604_800, now)).toEqual(at('2026-11-28T12:00:00Z'));
});

test('a replacement lives as long as the old key was meant to', () => {
  expect(successorExpiry({ createdAt: at('2026-01-01T00:00:00Z'), expiresAt: null }, now)).toBeNull();
  const quarter = { createdAt: at('2026-09-01T00:00:00Z'), expiresAt: at('2026-11-30T00:00:00Z') };
  expect(successorExpiry(quarter, now)).toEqual(at('2027-02-19T12:00:00Z'));
});

test('the name is asked for only after a use in the last 7 days', () => {
  expect(wasUsedRecently(null, now)).toBe(false);
  expect(wasUsedRecently(at('2026-11-14T12:00:00Z'), now)).toBe(true);
  expect(wasUsedRecently(at('2026-11-14T11:59:59Z'), now)).toBe(false);
});

test('only support lifts the rate limit', () => {
  expect(tierRules.UNLIMITED).toMatchObject({ requestsPerSecond: null, grantedBy: 'staff' });
  expect(tierRules.ELEVATED.requestsPerSecond).toBeGreaterThan(tierRules.STANDARD.requestsPerSecond ?? 0);
});
