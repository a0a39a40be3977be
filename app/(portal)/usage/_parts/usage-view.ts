/** What the address of the Usage page asks for: which days, told apart by what, compared or not. Pure. */
import type { ListParams } from '@/app/_ui/list-params';
import { rangeWords } from '@/app/(portal)/_charts/compare';
import { type DayRange, readDayRange } from '@/lib/domains/quotas/day-range';
import { historyLengths, maxHistoryDays } from '@/lib/domains/quotas/history';
import type { RunBreakdown } from '@/lib/domains/runs/reads/run-counts';
import { addDays, floorTo, utcDay } from '@/lib/platform/clock';

export const dayHours = 24;
const hourMs = 3_600_000;
/** The length that is told by hours, as the address names it. */
const byHours = '24h';

export type UsageView = {
  /** What stands in the address, wrong or not, so that the form keeps it. */
  params: ListParams;
  /** What of it is wrong, in a sentence; then the last 30 days are shown. */
  problem: string | null;
  by: RunBreakdown;
  isCompared: boolean;
  /** By the hour, for the last 24 hours; else by the day. */
  step: 'day' | 'hour';
  /** The length chosen by a tab; null where the days are chosen one by one. */
  length: string | null;
  /** "last 30 days", "6 Sep – 4 Nov 2026". */
  period: string;
  range: DayRange;
  /** The same as instants, until before the second. */
  from: Date;
  until: Date;
};

/** The lengths that are offered, with the value of `days` for each. */
export const usageLengths = [
  { days: byHours, label: '24 hours' },
  ...historyLengths.map(length => ({ days: String(length), label: `${length} days` })),
];

const midnight = (day: string): Date => new Date(`${day}T00:00:00Z`);
const names = ['days', 'from', 'to', 'by', 'compare'] as const;
const breakdowns = new Map<string, RunBreakdown>([
  ['', 'outcome'],
  ['pipeline', 'pipeline'],
  ['key', 'key'],
]);

/** The view of an address; what of it is not understood is told, kept in `params` and left aside. */
export function usageView(address: ListParams, now: Date): UsageView {
  const params: ListParams = Object.fromEntries(names.flatMap(name => (address[name] ? [[name, address[name]]] : [])));
  const { from, to, days = '30', by = '', compare } = params;
  const isKnown =
    usageLengths.some(length => length.days === days) && breakdowns.has(by) && (!compare || compare === 'before');
  const shared = { params, by: breakdowns.get(by) ?? 'outcome', isCompared: compare === 'before' };
  const unknown = isKnown ? null : 'A choice in the address is not known.';
  const today = utcDay(now);
  if (days === byHours && !from && !to) {
    const until = new Date(floorTo(now, hourMs).getTime() + hourMs);
    const start = new Date(until.getTime() - dayHours * hourMs);
    const range = { from: utcDay(start), to: today };
    return {
      ...shared,
      problem: unknown,
      step: 'hour',
      length: days,
      period: 'last 24 hours',
      range,
      from: start,
      until,
    };
  }
  const length = historyLengths.find(offered => String(offered) === days) ?? 30;
  const found = readDayRange(today, { days: length, from, to }, maxHistoryDays);
  const range = found.range ?? { from: addDays(today, -29), to: today };
  const isChosen = found.range !== null && (from !== undefined || to !== undefined);
  return {
    ...shared,
    problem: found.problem ?? unknown,
    step: 'day',
    length: isChosen || !found.range ? null : String(length),
    period: isChosen ? rangeWords(range) : `last ${found.range ? length : 30} days`,
    range,
    from: midnight(range.from),
    until: midnight(addDays(range.to, 1)),
  };
}
