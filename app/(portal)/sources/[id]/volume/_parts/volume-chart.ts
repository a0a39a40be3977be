/** Counts of events as a chart takes them, with the sentence that goes with each. Pure. */
import type { ChartPoint, ChartSeries } from '@/app/_ui/chart-types';
import { formatDay, formatPlural } from '@/app/_ui/format';
import type { DailyCalls } from '@/lib/domains/events/volume/daily-calls';

const colors = ['1', '2', '3', '4'] as const;

/** A track call by its name, another by its type. */
export const callName = ({ type, event }: { type: string; event: string }): string => event || type;

const key = (index: number): string => `call${index}`;

/** One series a busy call, and one for the others where there are any. */
export function callSeries({ calls, days }: DailyCalls): ChartSeries[] {
  const named = calls.map((call, index) => ({ key: key(index), label: callName(call), color: colors[index] ?? '4' }));
  const hasOthers = days.some(({ others }) => others > 0);
  return hasOthers ? [...named, { key: 'others', label: 'Others', color: 'neutral' }] : named;
}

/** One point a day; today, the last, is not over. */
export const callPoints = ({ days }: DailyCalls): ChartPoint[] =>
  days.map(({ day, counts, others }, index) => ({
    label: formatDay(day),
    values: { ...Object.fromEntries(counts.map((count, place) => [key(place), count])), others },
    partial: index === days.length - 1,
  }));

export function callSentence({ days }: DailyCalls): string {
  const totals = days.map(({ counts, others }) => counts.reduce((sum, count) => sum + count, others));
  const all = totals.reduce((sum, total) => sum + total, 0);
  const most = Math.max(...totals);
  const busiest = days[totals.indexOf(most)];
  return `${formatPlural(all, 'event')}${all > 0 && busiest ? `, the most on ${formatDay(busiest.day)}: ${formatPlural(most, 'event')}` : ''}.`;
}

/** How the month's events add up day by day towards the limit. */
export function monthPoints(days: readonly { day: string; events: number }[], limit: number): ChartPoint[] {
  let soFar = 0;
  return days.map(({ day, events }, index) => {
    soFar += events;
    return { label: formatDay(day), values: { events: soFar }, limit, partial: index === days.length - 1 };
  });
}
