/** AI usage by day as a chart takes it, with the sentence that goes with it. Pure. */
import type { ChartPoint, ChartSeries } from '@/app/_ui/chart-types';
import { formatDay, formatDollars, formatPlural } from '@/app/_ui/format';
import { compareSentence, rangeWords } from '@/app/(portal)/_charts/compare';
import { bookCostWords, nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import type { Usage, Use } from '@/lib/domains/traces/usage/usage';

export const shownAmounts = ['cost', 'tokens', 'requests'] as const;
export type ShownAmount = (typeof shownAmounts)[number];

export const amountLabels: Record<ShownAmount, string> = {
  cost: 'Cost by book price',
  tokens: 'Tokens',
  requests: 'Requests',
};
const amounts: Record<ShownAmount, (use: Use) => number> = {
  cost: use => use.bookCostUsd,
  tokens: use => use.tokensIn + use.tokensOut,
  requests: use => use.requests,
};
const colors = ['1', '2', '3', '4'] as const;
const key = (index: number): string => `part${index}`;

/** One series each of the names that cost most, and one of all others where there are any. */
export function usageSeries({ series, hasOthers, by }: Usage): ChartSeries[] {
  const named = series.map((name, index) => ({
    key: key(index),
    label: nameWords(by, name),
    color: colors[index] ?? '4',
  }));
  return hasOthers ? [...named, { key: key(series.length), label: 'Others', color: 'neutral' }] : named;
}

/** One point a day; `today` is not over. `before` is usage of as many days, the ones before. */
export const usagePoints = (
  { byDay }: Usage,
  { shown, today, before }: { shown: ShownAmount; today: string; before: Usage | null },
): ChartPoint[] =>
  byDay.map(({ day, parts }, index) => {
    const earlier = before?.byDay[index];
    return {
      label: formatDay(day),
      values: Object.fromEntries(parts.map((part, place) => [key(place), amounts[shown](part)])),
      partial: day === today,
      previous: earlier && { label: formatDay(earlier.day), amount: amounts[shown](earlier.use) },
    };
  });

/** How the usage stands against that of as many days before; '' where it is not compared. */
export function usageAgainst(usage: Usage, before: Usage | null, shown: ShownAmount): string {
  if (!before) return '';
  const sumOf = ({ total, byDay }: Usage) => ({
    sum: amounts[shown](total),
    measured: byDay.length,
    parts: byDay.length,
  });
  const words = (sum: number): string =>
    shown === 'cost' ? bookCostWords(before.total) : formatPlural(sum, shown === 'tokens' ? 'token' : 'request');
  return compareSentence({
    now: sumOf(usage),
    before: sumOf(before),
    period: rangeWords(before.days),
    amount: words,
  });
}

export function usageSentence({ total, byDay }: Usage, shown: ShownAmount): string {
  const [first, ...others] = byDay;
  if (!first || total.requests === 0) return 'No requests in these days.';
  const amountOf = amounts[shown];
  const most = others.reduce((best, day) => (amountOf(day.use) > amountOf(best.use) ? day : best), first);
  const words = (use: Use): string => {
    if (shown === 'requests') return formatPlural(use.requests, 'request');
    return shown === 'tokens' ? formatPlural(amountOf(use), 'token') : bookCostWords(use);
  };
  if (shown === 'cost' && total.unpriced >= total.requests) return 'No request of these days has a price.';
  const peak = shown === 'cost' ? formatDollars(most.use.bookCostUsd) : words(most.use);
  const sum = words(total);
  return `${sum.charAt(0).toUpperCase()}${sum.slice(1)} in all, the most on ${formatDay(most.day)}: ${peak}.`;
}
