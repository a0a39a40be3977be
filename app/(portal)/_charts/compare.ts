/** Ranges of days, and how a period stands against the one before it, in words. Pure. */
import { spanText } from '@/app/_ui/chart-gaps';
import type { FilterField } from '@/app/_ui/filter-bar';
import { formatCount, formatDate, formatDay } from '@/app/_ui/format';
import type { DayRange } from '@/lib/domains/quotas/day-range';

/** "21 Nov 2026", "6 Sep – 4 Nov 2026", "30 Dec 2026 – 1 Jan 2027". */
export function rangeWords({ from, to }: DayRange): string {
  if (from === to) return formatDate(from);
  const isOneYear = from.slice(0, 4) === to.slice(0, 4);
  return spanText(isOneYear ? formatDay(from) : formatDate(from), formatDate(to));
}

/** What the line of the period before is called: "before: 2 Oct – 31 Oct 2026". */
export const beforeLabel = (before: DayRange): string => `before: ${rangeWords(before)}`;

/** The choice of what a chart is compared with, as a field of its filters and in the address. */
export const compareField: FilterField = {
  type: 'select',
  name: 'compare',
  label: 'Compare with',
  options: [
    { value: '', label: 'Nothing' },
    { value: 'before', label: 'The period before' },
  ],
};

const nbsp = '\u00a0';

/** "+12 %", "−4.2 %"; one decimal below 10. */
export function changeText(now: number, before: number): string {
  const percent = (Math.abs(now - before) / before) * 100;
  const digits = percent < 10 ? Math.max(0.1, percent).toFixed(1) : formatCount(Math.round(percent));
  return `${now < before ? '−' : '+'}${digits}${nbsp}%`;
}

/** What was summed of a period: how many of its parts (days or hours) there are, and how many were measured. */
export type PeriodSum = { sum: number; measured: number; parts: number };

type Compared = {
  now: PeriodSum;
  before: PeriodSum;
  /** "2 Oct – 31 Oct 2026". */
  period: string;
  /** "53 runs". */
  amount: (sum: number) => string;
  /** What a part is: "day". */
  part?: string;
};

/** "+12 % against 2 Oct – 31 Oct 2026 (53 runs)."; no percentage where the two were not measured alike. */
export function compareSentence({ now, before, period, amount, part = 'day' }: Compared): string {
  if (before.measured === 0) return `${period} was not measured, so that there is nothing to compare with.`;
  const told = `${period} (${amount(before.sum)})`;
  if (now.measured !== now.parts || before.measured !== before.parts) {
    const share = ({ measured, parts }: PeriodSum) => `${measured} of ${parts}`;
    return `Against ${told}; measured were ${share(before)} ${part}s then and ${share(now)} now.`;
  }
  if (now.sum === before.sum) return `The same as in ${told}.`;
  return before.sum === 0 ? `Against ${told}.` : `${changeText(now.sum, before.sum)} against ${told}.`;
}
