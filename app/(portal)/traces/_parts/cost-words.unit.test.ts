import { expect, test } from 'vitest';
import { bookCostWords, daysWords, nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import { usageAgainst, usagePoints, usageSentence, usageSeries } from '@/app/(portal)/traces/_parts/usage-chart';
import type { Usage, Use } from '@/lib/domains/traces/usage/usage';

const use = (change: Partial<Use> = {}): Use => ({
  sessions: 1,
  requests: 2,
  failed: 0,
  accepted: 0,
  tokensIn: 100,
  tokensOut: 20,
  documentCostUsd: 1,
  bookCostUsd: 0,
  unpriced: 0,
  ...change,
});

test('a cost without every price says "at least", and one without any is no $0.00', () => {
  expect(bookCostWords({ bookCostUsd: 12.3, requests: 4, unpriced: 0 })).toBe('$12.30');
  expect(bookCostWords({ bookCostUsd: 12.3, requests: 4, unpriced: 1 })).toBe('at least $12.30');
  expect(bookCostWords({ bookCostUsd: 0, requests: 4, unpriced: 4 })).toBe('no price');
  expect(bookCostWords({ bookCostUsd: 0, requests: 0, unpriced: 0 })).toBe('$0.00');
});

test('a name that nobody sent is said to be missing', () => {
  expect([null, '', '(none)'].map(name => nameWords('developer', name))).toEqual(Array(3).fill('No developer'));
  expect(nameWords('model', 'openai/gpt-4o')).toBe('openai/gpt-4o');
  expect(daysWords({ from: '2026-11-01', to: '2026-11-01' })).toBe('1 Nov 2026');
});

const usage: Usage = {
  state: 'current',
  readAt: new Date(0),
  pendingSince: null,
  days: { from: '2026-11-01', to: '2026-11-02' },
  by: 'model',
  total: { ...use({ requests: 4, bookCostUsd: 3, unpriced: 1 }), cacheReadTokens: 0 },
  names: [],
  series: ['openai/gpt-4o', ''],
  hasOthers: true,
  byDay: [
    { day: '2026-11-01', use: use({ bookCostUsd: 1 }), parts: [use({ bookCostUsd: 1 }), use(), use()] },
    { day: '2026-11-02', use: use({ bookCostUsd: 2 }), parts: [use({ bookCostUsd: 2 }), use(), use()] },
  ],
};

const alone = { today: '2026-11-02', before: null };

test('the chart has a series a name and one of all others, and its last day is not over', () => {
  expect(usageSeries(usage).map(({ label, color }) => [label, color])).toEqual([
    ['openai/gpt-4o', '1'],
    ['No model', '2'],
    ['Others', 'neutral'],
  ]);
  const points = usagePoints(usage, { shown: 'cost', ...alone });
  expect(points.map(({ partial }) => partial)).toEqual([false, true]);
  expect(points[1]?.values).toEqual({ part0: 2, part1: 0, part2: 0 });
  expect(usagePoints(usage, { shown: 'tokens', ...alone })[0]?.values).toMatchObject({ part0: 120 });
});

test('its sentence says the total and the greatest day', () => {
  expect(usageSentence(usage, 'cost')).toBe('At least $3.00 in all, the most on 2 Nov: $2.00.');
  expect(usageSentence(usage, 'requests')).toBe('4 requests in all, the most on 1 Nov: 2 requests.');
  const unpriced = { ...usage, total: { ...usage.total, unpriced: 4 } };
  expect(usageSentence(unpriced, 'cost')).toBe('No request of these days has a price.');
});

test('usage is compared with that of the days before, in what is shown', () => {
  const before: Usage = {
    ...usage,
    days: { from: '2026-10-30', to: '2026-10-31' },
    total: { ...usage.total, bookCostUsd: 2, unpriced: 0 },
    byDay: usage.byDay.map(one => ({ ...one, day: one.day.replace('11-0', '10-3') })),
  };
  const said = (shown: 'cost' | 'requests') => usageAgainst(usage, before, shown).replaceAll('\u00a0', ' ');
  expect(said('cost')).toBe('+50 % against 30 Oct – 31 Oct 2026 ($2.00).');
  expect(said('requests')).toBe('The same as in 30 Oct – 31 Oct 2026 (4 requests).');
  expect(usageAgainst(usage, null, 'cost')).toBe('');
  const [first] = usagePoints(usage, { ...alone, shown: 'cost', before });
  expect(first?.previous).toEqual({ label: '31 Oct', amount: 1 });
});
