import { expect, test } from 'vitest';
import { anchoredEnd, periodEnd } from '@/dev/doubles/stripe/subscriptions/periods';

const seconds = (text: string) => Date.parse(text) / 1000;
const every = (interval: 'day' | 'week' | 'month' | 'year', count = 1) => ({
  interval,
  interval_count: count,
  meter: null,
  trial_period_days: null,
  usage_type: 'licensed' as const,
});

test.each([
  ['a month', every('month'), '2026-03-15T10:00:00Z', '2026-04-15T10:00:00Z'],
  [
    'a month from the 31st, which ends on the last day of a short month',
    every('month'),
    '2026-01-31T10:00:00Z',
    '2026-02-28T10:00:00Z',
  ],
  ['a month over the new year', every('month'), '2026-12-31T23:59:59Z', '2027-01-31T23:59:59Z'],
  ['three months', every('month', 3), '2026-11-30T00:00:00Z', '2027-02-28T00:00:00Z'],
  ['a year from 29 February', every('year'), '2028-02-29T00:00:00Z', '2029-02-28T00:00:00Z'],
  ['two weeks', every('week', 2), '2026-03-15T10:00:00Z', '2026-03-29T10:00:00Z'],
])('a period of %s', (_, recurring, start, end) => {
  expect(new Date(periodEnd(seconds(start), recurring) * 1000).toISOString()).toBe(new Date(end).toISOString());
});

test('a subscription of the 31st comes back to the 31st after February', () => {
  const anchor = seconds('2026-01-31T10:00:00Z');
  const ends = [anchor];
  for (let month = 0; month < 3; month++) ends.push(anchoredEnd(anchor, ends.at(-1) ?? 0, every('month')));
  expect(ends.map(end => new Date(end * 1000).toISOString().slice(0, 10))).toEqual([
    '2026-01-31',
    '2026-02-28',
    '2026-03-31',
    '2026-04-30',
  ]);
});
