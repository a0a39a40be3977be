import { expect, test } from 'vitest';
import {
  againstBefore,
  chartPoints,
  chartSentence,
  chartSeries,
  limitLabel,
} from '@/app/(portal)/_charts/chart-points';
import type { DayUse, HistoryDay } from '@/lib/domains/quotas/history';

const use = (over: Partial<DayUse> = {}): DayUse => ({
  runs: 3,
  succeeded: 2,
  failed: 1,
  cancelled: 0,
  running: 0,
  refused: 0,
  limit: 6,
  mostAtOnce: 1,
  ...over,
});
const day = (number: number, value: DayUse | null, isToday = false): HistoryDay => ({
  day: `2026-11-${String(number).padStart(2, '0')}`,
  isToday,
  use: value,
});

const alone = { before: null, withRefused: true };

test('a day nobody measured is a gap without a limit, a day without runs is 0', () => {
  const idle = use({ runs: 0, succeeded: 0, failed: 0 });
  const [missing, zero] = chartPoints([day(1, null), day(2, idle)], alone);
  expect(missing).toEqual({ label: '1 Nov', values: null, limit: undefined, partial: false, previous: undefined });
  expect(zero?.values).toMatchObject({ succeeded: 0, failed: 0 });
  expect(zero?.limit).toBe(6);
});

test('the parts drawn for a day sum to its runs and its refused starts', () => {
  const mixed = use({ runs: 6, succeeded: 2, failed: 1, cancelled: 1, running: 2, refused: 4 });
  const [point] = chartPoints([day(1, mixed)], alone);
  const drawn = chartSeries([day(1, mixed)], true).reduce((sum, { key }) => sum + (point?.values?.[key] ?? 0), 0);
  expect(drawn).toBe(10);
});

test('only today is unfinished', () => {
  const points = chartPoints([day(1, use()), day(2, use(), true)], alone);
  expect(points.map(point => point.partial)).toEqual([false, true]);
});

test('kinds of outcome that did not occur are left out, refused starts are kept where the page tells of them', () => {
  const keys = (days: HistoryDay[], withRefused: boolean) => chartSeries(days, withRefused).map(({ key }) => key);
  expect(keys([day(1, use())], false)).toEqual(['succeeded', 'failed']);
  expect(keys([day(1, use())], true)).toEqual(['succeeded', 'failed', 'refused']);
  expect(keys([day(1, use({ cancelled: 1, running: 1, refused: 2 }))], false)).toEqual([
    'succeeded',
    'failed',
    'cancelled',
    'running',
  ]);
});

test('a change of the limit is told with its last day', () => {
  expect(limitLabel([day(1, use()), day(2, use())])).toBe('limit 6 a day');
  expect(limitLabel([day(1, use()), day(2, use()), day(3, null), day(4, use({ limit: 25 }))])).toBe(
    'limit 25 a day (6 until 2 Nov)',
  );
  expect(limitLabel([day(1, null)])).toBe('limit');
});

test('the sentence counts what the chart shows', () => {
  const full = [day(1, use()), day(2, use({ refused: 1 }))];
  expect(chartSentence(full, false)).toBe('6 runs, 2 failed.');
  expect(chartSentence(full, true)).toBe('6 runs, 2 failed, 1 start refused.');
  expect(chartSentence([day(1, null)], false)).toBe('0 runs, 0 failed.');
});

test('each day stands beside the one as far into the period before, as high as its stack', () => {
  const before = [day(1, use({ refused: 2 })), day(2, null)];
  const points = (withRefused: boolean) =>
    chartPoints([day(3, use()), day(4, use())], { before, withRefused }).map(({ previous }) => previous);
  expect(points(true)).toEqual([
    { label: '1 Nov', amount: 5 },
    { label: '2 Nov', amount: null },
  ]);
  expect(points(false)[0]).toEqual({ label: '1 Nov', amount: 3 });
});

test('runs are compared with those of the days before', () => {
  expect(againstBefore([day(3, use({ runs: 6 }))], [day(2, use())]).replaceAll('\u00a0', ' ')).toBe(
    '+100 % against 2 Nov 2026 (3 runs).',
  );
  expect(againstBefore([day(3, use())], null)).toBe('');
});
