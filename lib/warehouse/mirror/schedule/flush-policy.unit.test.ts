import { expect, test } from 'vitest';
import {
  budgetsUsd,
  creditOf,
  dueAt,
  gatherMs,
  intervalMs,
  longestIntervalMs,
  type MirrorLimits,
  usdOf,
} from '@/lib/warehouse/mirror/schedule/flush-policy';

const limits: MirrorLimits = {
  mergesPerSecond: 30,
  parallelMerges: 128,
  usdPerTenantMonth: 2,
  usdPerMonthAtLeast: 200,
  usdPerTib: 6.25,
};
const now = Date.UTC(2026, 5, 16);
const minute = 60_000;

test('a MERGE of the least size costs what the price list says', () => {
  expect(usdOf(10 * 1024 ** 2, 6.25)).toBeCloseTo(0.0000596, 7);
});

test.each([
  ['a MERGE of a local BigQuery', 80, 15],
  ['one that takes a second', 1_000, 125],
  ['one of the service', 3_000, 375],
  ['one that is very slow', 60_000, 500],
])('commits are gathered for an eighth of %s, at least 15 ms, at most half a second', (_, mergeMs, expected) => {
  expect(gatherMs(mergeMs)).toBe(expected);
});

test.each([
  ['one tenant alone has what is allowed in any case', 1, 190, 10],
  ['none yet counts as one', 0, 190, 10],
  ['20 tenants share it', 20, 9.5, 10],
  ['100 have just their own', 100, 1.9, 10],
  ['2,000 have their own', 2_000, 1.9, 200],
])('%s', (_, tenants, tenant, shared) => {
  const budgets = budgetsUsd(limits, tenants);
  expect(budgets.tenant).toBeCloseTo(tenant);
  expect(budgets.shared).toBeCloseTo(shared);
  const sum = budgets.tenant * Math.max(1, tenants) + budgets.shared;
  expect(sum).toBeLessThanOrEqual(Math.max(200, 2 * tenants) + 1e-9);
});

test.each([
  ['nothing spent at the start of a month is full credit', Date.UTC(2026, 5, 1), 0, 1],
  ['nothing spent in half a month is more than full credit', now, 0, 6],
  ['half spent in half a month, but for the credit it began with, is on course', now, 1.8 * (18 / 33), 0],
  ['three days’ budget beyond that is full debt', now, 1.8 * (21 / 33), -1],
  ['the whole budget at the end of the month is on course', Date.UTC(2026, 6, 1) - 1, 1.8, 0],
])('%s', (_, at, spentUsd, expected) => {
  expect(creditOf({ budgetUsd: 1.8, spentUsd }, at)).toBeCloseTo(expected, 2);
});

test('an account without a budget and without costs has credit enough', () => {
  expect(intervalMs(creditOf({ budgetUsd: 0, spentUsd: 0 }, now), 375)).toBe(375);
});

test.each([
  ['full', 1, 375],
  ['more than full', 6, 375],
  ['half', 0.5, 375 * 800 ** 0.75],
  ['little', 0.1, 375 * 800 ** 0.99],
  ['none', 0, 5 * minute],
  ['half debt', -0.5, Math.sqrt(5 * 15) * minute],
  ['full debt', -1, 15 * minute],
  ['any debt', -1_000, 15 * minute],
])('the interval at credit: %s', (_, credit, expected) => {
  expect(intervalMs(credit, 375)).toBeCloseTo(expected, 3);
});

test('the interval never shrinks as credit falls, and never passes the bound', () => {
  const intervals = Array.from({ length: 500 }, (_, index) => intervalMs(2 - index / 100, 375));
  expect(intervals).toEqual(intervals.toSorted((a, b) => a - b));
  expect(Math.max(...intervals)).toBe(longestIntervalMs);
});

const waiting = { oldestAt: now, rows: 1, first: false };

test.each([
  ['a change of an account with credit, once commits were gathered', waiting, 1, now + 375],
  ['a change of an account on course, after 5 minutes', waiting, 0, now + 5 * minute],
  ['a full batch at once', { ...waiting, rows: 500 }, -1, now],
  [
    'a person’s change before all that was due in the last 15 minutes',
    { ...waiting, first: true },
    -1,
    now - 15 * minute,
  ],
])('due is %s', (_, table, credit, expected) => {
  expect(dueAt(table, credit, 375)).toBe(expected);
});
