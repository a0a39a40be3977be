import { describe, expect, test } from 'vitest';
import { type AllRunsChart, allRunsChart } from '@/app/(portal)/_overview/all-runs';
import { dayUse, historyDay } from '@/dev/testing/quotas/history-days';
import type { ObservedUse } from '@/lib/domains/runs/reads/observed-days';

const idle = dayUse({ runs: 0, succeeded: 0, failed: 0 });
const dayOf = (number: number) => `2026-11-${String(number).padStart(2, '0')}`;
const seen = (over: Partial<ObservedUse> = {}): ObservedUse => ({
  runs: 4,
  succeeded: 3,
  failed: 1,
  cancelled: 0,
  running: 0,
  ...over,
});
const observedOn = (...numbers: number[]) => new Map(numbers.map(number => [dayOf(number), seen()]));

const keys = ({ series }: AllRunsChart) => series.map(({ key }) => key);
/** The height of each day as it is drawn; null where it is a gap. */
const heights = ({ series, points }: AllRunsChart) =>
  points.map(({ values }) => values && series.reduce((sum, { key }) => sum + (values[key] ?? 0), 0));

describe('where nothing is observed', () => {
  const chart = allRunsChart([historyDay(1, null), historyDay(2, dayUse({ runs: 4, running: 1 }))], new Map());
  test('outcomes stand beside the limit', () => {
    expect(keys(chart)).toEqual(['succeeded', 'failed', 'running']);
    expect([chart.sentence, chart.limitLabel]).toEqual(['4 runs, 1 failed.', 'limit 6 a day']);
    expect(chart.points.map(({ limit }) => limit)).toEqual([undefined, 6]);
  });
});

describe('where some runs are observed', () => {
  const days = [
    historyDay(1, dayUse()),
    historyDay(2, null),
    historyDay(3, dayUse({ runs: 5, cancelled: 1, running: 1 })),
    historyDay(4, dayUse(), true),
  ];
  const chart = allRunsChart(days, observedOn(2, 3));

  test('every run is drawn, observed ones above those that the limit counts', () => {
    expect(heights(chart)).toEqual([3, 4, 9, 3]);
    expect(keys(chart)).toEqual(['succeeded', 'failed', 'others', 'observed', 'observedFailed']);
    expect(chart.points[2]?.values).toEqual({ succeeded: 2, failed: 1, others: 2, observed: 3, observedFailed: 1 });
  });

  test('the sentence and the line say what the limit counts', () => {
    expect(chart.sentence).toBe('19 runs, 5 failed. 8 runs are observed, which the limit does not count.');
    expect(chart.limitLabel).toBe('limit 6 a day, without observed runs');
    expect(chart.points.map(({ limit }) => limit)).toEqual([6, undefined, 6, 6]);
    expect(
      allRunsChart([historyDay(1, dayUse())], new Map([[dayOf(1), seen({ runs: 1, succeeded: 1, failed: 0 })]]))
        .sentence,
    ).toBe('4 runs, 1 failed. 1 run is observed, which the limit does not count.');
  });

  test('an outcome that did not occur is left out', () => {
    expect(keys(allRunsChart([historyDay(1, dayUse())], observedOn(1)))).toEqual([
      'succeeded',
      'failed',
      'observed',
      'observedFailed',
    ]);
  });

  test('today is a gap while its first run that takes quota is on its way', () => {
    expect(heights(allRunsChart([historyDay(1, dayUse()), historyDay(2, null, true)], observedOn(1, 2)))).toEqual([
      7,
      null,
    ]);
  });
});

describe('where every run is observed', () => {
  const chart = allRunsChart(
    [historyDay(1, null), historyDay(2, null), historyDay(3, null), historyDay(4, idle, true)],
    observedOn(2),
  );

  test('their outcomes are drawn, and no limit, as none of them counts towards it', () => {
    expect(keys(chart)).toEqual(['succeeded', 'failed']);
    expect(chart.points.every(point => !('limit' in point))).toBe(true);
    expect(chart.sentence).toBe('4 runs, 1 failed. All are observed: they take no quota.');
  });

  test('days before the first one were not measured, later ones without a run are 0', () =>
    expect(heights(chart)).toEqual([null, 4, 0, 0]));
});
