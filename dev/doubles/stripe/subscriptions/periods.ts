/** Periods of prices: when one ends, counted from the day that anchors it. */
import { daySeconds } from '@/dev/doubles/stripe/clock';
import type { Price } from '@/dev/doubles/stripe/wire';

export type Period = { start: number; end: number };
type Recurring = Pick<NonNullable<Price['recurring']>, 'interval' | 'interval_count'>;

export const monthly: Recurring = { interval: 'month', interval_count: 1 };

/** `times` intervals after `start`; a month's end never runs into the month after. */
export function periodEnd(start: number, { interval, interval_count: count }: Recurring, times = 1): number {
  if (interval === 'day' || interval === 'week')
    return start + times * count * daySeconds * (interval === 'week' ? 7 : 1);
  const from = new Date(start * 1000);
  const months = from.getUTCMonth() + times * count * (interval === 'year' ? 12 : 1);
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const end = new Date(from);
  end.setUTCMonth(months, Math.min(from.getUTCDate(), lastDay));
  return Math.floor(end.getTime() / 1000);
}

/** The first end after `start` of periods counted from `anchor`, so that the 31st comes back after February. */
export function anchoredEnd(anchor: number, start: number, recurring: Recurring): number {
  if (anchor > start) return anchor;
  for (let times = 1; ; times++) {
    const end = periodEnd(anchor, recurring, times);
    if (end > start) return end;
  }
}

export const sameInterval = (one: Recurring | null, other: Recurring | null): boolean =>
  one?.interval === other?.interval && one?.interval_count === other?.interval_count;
