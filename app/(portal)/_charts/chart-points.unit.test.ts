import { expect, test } from 'vitest';
import {
  againstBefore,
  chartPoints,
  chartSentence,
  chartSeries,
  limitLabel,
} from '@/app/(portal)/_charts/chart-points';
import { dayUse, historyDay } from '@/dev/testing/quotas/history-days';
import type { HistoryDay } from '@/lib/domains/quotas/history';

const alone = { before: null, withRefused: true };

test('a day nobody measured is a gap without a limit, a day without runs is 0', () => {
  const idle = dayUse({ runs: 0, succeeded: 0, failed: 0 });
  const [missing, zero] = chartPoints([historyDay(1, null), historyDay(2, idle)], alone);
  expect(missing).toEqual({ label: '1 Nov', values: null, limit: undefined, partial: false, previous: undefined });
  expect(zero?.values).toMatchObject({ succeeded: 0, failed: 0 });
  expect(zero?.limit).toBe(6);
});

test('the parts drawn for a day sum to its runs and its refused starts', () => {
  const mixed = dayUse({ runs: 6, succeeded: 2, failed: 1, cancelled: 1, running: 2, refused: 4 });
  const [point] = chartPoints([historyDay(1, mixed)], alone);
  const drawn = chartSeries([historyDay(1, mixed)], true).reduce(
    (sum, { key }) => sum + (point?.values?.[key] ?? 0),
    0,
  );
  expect(drawn).toBe(10);
});

test('only today is unfinished', () => {
  const points = chartPoints([historyDay(1, dayUse()), historyDay(2, dayUse(), true)], alone);
  expect(points.map(point => point.partial)).toEqual([false, true]);
});

test('kinds of outcome that did not occur are left out, refused starts are kept where the page tells of them', () => {
  const keys = (days: HistoryDay[], withRefused: boolean) => chartSeries(days, withRefused).map(({ key }) => key);
  expect(keys([historyDay(1, dayUse())], false)).toEqual(['succeeded', 'failed']);
  expect(keys([historyDay(1, dayUse())], true)).toEqual(['succeeded', 'failed', 'refused']);
  expect(keys([historyDay(1, dayUse({ cancelled: 1, running: 1, refused: 2 }))], false)).toEqual([
    'succeeded',
    'failed',
    'cancelled',
    'running',
  ]);
});

test('a change of the limit is told with its last day', () => {
  expect(limitLabel([historyDay(1, dayUse()), historyDay(2, dayUse())])).toBe('limit 6 a day');
  expect(
    limitLabel([
      historyDay(1, dayUse()),
      historyDay(2, dayUse()),
      historyDay(3, null),
      historyDay(4, dayUse({ limit: 25 })),
    ]),
  ).toBe('limit 25 a day (6 until 2 Nov)');
  expect(limitLabel([historyDay(1, null)])).toBe('limit');
});

test('the sentence counts what the chart shows', () => {
  const full = [historyDay(1, dayUse()), historyDay(2, dayUse({ refused: 1 }))];
  expect(chartSentence(full, false)).toBe('6 runs, 2 failed.');
  expect(chartSentence(full, true)).toBe('6 runs, 2 failed, 1 start refused.');
  expect(chartSentence([historyDay(1, null)], false)).toBe('0 runs, 0 failed.');
});

test('each day stands beside the one as far into the period before, as high as its stack', () => {
  const before = [historyDay(1, dayUse({ refused: 2 })), historyDay(2, null)];
  const points = (withRefused: boolean) =>
    chartPoints([historyDay(3, dayUse()), historyDay(4, dayUse())], { before, withRefused }).map(
      ({ previous }) => previous,
    );
  expect(points(true)).toEqual([
    { label: '1 Nov', amount: 5 },
    { label: '2 Nov', amount: null },
  ]);
  expect(points(false)[0]).toEqual({ label: '1 Nov', amount: 3 });
});

test('runs are compared with those of the days before', () => {
  expect(againstBefore([historyDay(3, dayUse({ runs: 6 }))], [historyDay(2, dayUse())]).replaceAll('\u00a0', ' ')).toBe(
    '+100 % against 2 Nov 2026 (3 runs).',
  );
  expect(againstBefore([historyDay(3, dayUse())], null)).toBe('');
});
