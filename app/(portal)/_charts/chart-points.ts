/** Days of use as a chart takes them, with the sentence and the names that go with it. Pure. */
import type { ChartPoint, ChartSeries } from '@/app/_ui/chart-types';
import { formatCount, formatDay, formatPlural } from '@/app/_ui/format';
import { compareSentence, type PeriodSum, rangeWords } from '@/app/(portal)/_charts/compare';
import type { DayUse, HistoryDay } from '@/lib/domains/quotas/history';

type Part = keyof Pick<DayUse, 'succeeded' | 'failed' | 'cancelled' | 'running' | 'refused'>;

/** From the axis up; refused starts stand on top, so that they reach over the limit. */
const parts: readonly (ChartSeries & { key: Part; always: boolean })[] = [
  { key: 'succeeded', label: 'Succeeded', color: 'ok', always: true },
  { key: 'failed', label: 'Failed', color: 'bad', always: true },
  { key: 'cancelled', label: 'Cancelled', color: 'neutral', always: false },
  { key: 'running', label: 'Running', color: '1', always: false },
  { key: 'refused', label: 'Refused', color: '3', always: false },
];

const measured = (days: readonly HistoryDay[]): DayUse[] => days.flatMap(({ use }) => use ?? []);
const sum = (days: readonly HistoryDay[], key: keyof DayUse): number =>
  measured(days).reduce((total, use) => total + use[key], 0);

/** Succeeded and failed always, the rest where there is some; refused starts only where the page tells of them. */
export function chartSeries(days: readonly HistoryDay[], withRefused: boolean): ChartSeries[] {
  return parts
    .filter(({ key, always }) => (key === 'refused' ? withRefused : always || sum(days, key) > 0))
    .map(({ key, label, color }) => ({ key, label, color }));
}

/** One point a day; a day nobody measured has no values and no limit. `before` are as many days, the ones before. */
export function chartPoints(
  days: readonly HistoryDay[],
  { before, withRefused }: { before: readonly HistoryDay[] | null; withRefused: boolean },
): ChartPoint[] {
  return days.map(({ day, isToday, use }, index) => {
    const earlier = before?.[index];
    return {
      label: formatDay(day),
      values: use && Object.fromEntries(parts.map(({ key }) => [key, use[key]])),
      limit: use?.limit,
      partial: isToday,
      previous: earlier && { label: formatDay(earlier.day), amount: drawnOf(earlier.use, withRefused) },
    };
  });
}

/** The height of a day's stack; null where nobody measured it. */
const drawnOf = (use: DayUse | null, withRefused: boolean): number | null =>
  use && use.runs + (withRefused ? use.refused : 0);

/** "limit 25 a day (6 until 2 Nov)": the limit of the last measured day, and the one before it. */
export function limitLabel(days: readonly HistoryDay[]): string {
  const limits = days.flatMap(({ day, use }) => (use ? [{ day, limit: use.limit }] : []));
  const last = limits.at(-1);
  if (!last) return 'limit';
  const before = limits.findLast(({ limit }) => limit !== last.limit);
  const earlier = before ? ` (${formatCount(before.limit)} until ${formatDay(before.day)})` : '';
  return `limit ${formatCount(last.limit)} a day${earlier}`;
}

const runsOf = (days: readonly HistoryDay[]): PeriodSum => ({
  sum: sum(days, 'runs'),
  measured: measured(days).length,
  parts: days.length,
});

/** How the runs of these days stand against those of as many days before; '' where they are not compared. */
export function againstBefore(days: readonly HistoryDay[], before: readonly HistoryDay[] | null): string {
  const [first, last] = [before?.[0], before?.at(-1)];
  if (!before || !first || !last) return '';
  const period = rangeWords({ from: first.day, to: last.day });
  return compareSentence({
    now: runsOf(days),
    before: runsOf(before),
    period,
    amount: runs => formatPlural(runs, 'run'),
  });
}

/** One sentence of what the chart shows: "61 runs, 2 failed, 3 starts refused." */
export function chartSentence(days: readonly HistoryDay[], withRefused: boolean): string {
  const refused = sum(days, 'refused');
  const told = [
    formatPlural(sum(days, 'runs'), 'run'),
    `${formatCount(sum(days, 'failed'))} failed`,
    ...(withRefused && refused > 0 ? [`${formatPlural(refused, 'start')} refused`] : []),
  ];
  return `${told.join(', ')}.`;
}
