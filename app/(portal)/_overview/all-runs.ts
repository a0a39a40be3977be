/**
 * All runs by day as the Overview's chart takes them. What is observed takes no quota: where a limit is drawn it stands
 * above what the limit counts, and where nothing took quota there is no limit to compare with. Pure.
 */
import type { ChartPoint, ChartSeries } from '@/app/_ui/chart-types';
import { formatCount, formatDay, formatPlural } from '@/app/_ui/format';
import { chartPoints, chartSentence, chartSeries, limitLabel } from '@/app/(portal)/_charts/chart-points';
import type { HistoryDay } from '@/lib/domains/quotas/history';
import type { ObservedDays, ObservedUse } from '@/lib/domains/runs/reads/observed-days';

export type AllRunsChart = { sentence: string; series: ChartSeries[]; points: ChartPoint[]; limitLabel: string };

/** From the axis up: first what the limit counts. */
const bothKinds: ChartSeries[] = [
  { key: 'succeeded', label: 'Succeeded', color: 'ok' },
  { key: 'failed', label: 'Failed', color: 'bad' },
  { key: 'others', label: 'Cancelled or running', color: 'neutral' },
  { key: 'observed', label: 'Observed, not failed', color: '1' },
  { key: 'observedFailed', label: 'Observed, failed', color: '3' },
];
const noneObserved: ObservedUse = { runs: 0, succeeded: 0, failed: 0, cancelled: 0, running: 0 };

const withoutRefused = { before: null, withRefused: false };

/**
 * Orchestrators tell of every day once they tell of one: a later day without a run had none. Today is not known while the
 * counter is ahead of its row.
 */
function observedOf({ day, isToday, use }: HistoryDay, observed: ObservedDays): ObservedUse | null {
  if (isToday && !use) return null;
  const [first] = observed.keys();
  return observed.get(day) ?? (use || (first !== undefined && first < day) ? noneObserved : null);
}

function observedSentence(observed: readonly ObservedUse[], runs: number, quotaFailed: number): string {
  const count = observed.reduce((sum, use) => sum + use.runs, 0);
  const failed = observed.reduce((sum, use) => sum + use.failed, quotaFailed);
  const told = `${formatPlural(runs + count, 'run')}, ${formatCount(failed)} failed.`;
  if (runs === 0) return `${told} All are observed: they take no quota.`;
  return `${told} ${formatPlural(count, 'run')} ${count === 1 ? 'is' : 'are'} observed, which the limit does not count.`;
}

/** Runs that took quota (`days`) and observed ones, told apart where both are. `observed` has its first day first. */
export function allRunsChart(days: readonly HistoryDay[], observed: ObservedDays): AllRunsChart {
  const quotaOnly = {
    sentence: chartSentence(days, false),
    series: chartSeries(days, false),
    points: chartPoints(days, withoutRefused),
    limitLabel: limitLabel(days),
  };
  if (observed.size === 0) return quotaOnly;
  const sum = (part: 'runs' | 'failed') => days.reduce((total, { use }) => total + (use?.[part] ?? 0), 0);
  const runs = sum('runs');
  const sentence = observedSentence([...observed.values()], runs, sum('failed'));
  if (runs > 0) {
    const points = days.map((day, index) => ({
      ...quotaOnly.points[index],
      label: formatDay(day.day),
      values: bothValues(day, observed),
    }));
    const series = bothKinds.filter(({ key }) => key !== 'others' || points.some(({ values }) => values?.others));
    return { sentence, series, points, limitLabel: `${quotaOnly.limitLabel}, without observed runs` };
  }
  const asUse = days.map((day): HistoryDay => {
    const ofDay = observedOf(day, observed);
    return { ...day, use: ofDay && { ...ofDay, refused: 0, limit: 0, mostAtOnce: 0 } };
  });
  const points = chartPoints(asUse, withoutRefused).map(({ limit: _limit, ...point }) => point);
  return { sentence, series: chartSeries(asUse, false), points, limitLabel: quotaOnly.limitLabel };
}

function bothValues(day: HistoryDay, observed: ObservedDays): ChartPoint['values'] {
  const ofDay = observedOf(day, observed);
  return (
    ofDay && {
      succeeded: day.use?.succeeded ?? 0,
      failed: day.use?.failed ?? 0,
      others: (day.use?.cancelled ?? 0) + (day.use?.running ?? 0),
      observed: ofDay.runs - ofDay.failed,
      observedFailed: ofDay.failed,
    }
  );
}
