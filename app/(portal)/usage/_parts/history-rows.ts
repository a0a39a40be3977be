/** The days of the history as rows of a table: days in a row that nobody measured are one. Pure. */
import { unmeasuredRuns } from '@/app/_ui/chart-gaps';
import { rangeWords } from '@/app/(portal)/_charts/compare';
import type { HistoryDay } from '@/lib/domains/quotas/history';

/** One day, or several in a row that nobody measured. */
export type HistoryRow = HistoryDay & { lastDay: string };

/** Newest first; days in a row without measures are one row. */
export function historyRows(days: readonly HistoryDay[]): HistoryRow[] {
  const gaps = new Map(unmeasuredRuns(days, ({ use }) => use !== null).map(({ from, to }) => [from, to]));
  const rows: HistoryRow[] = [];
  for (let index = 0; index < days.length; index += 1) {
    const day = days[index];
    const last = gaps.get(index) ?? index;
    if (day) rows.push({ ...day, isToday: days[last]?.isToday ?? false, lastDay: days[last]?.day ?? day.day });
    index = last;
  }
  return rows.reverse();
}

/** "21 Nov 2026", "6 Sep – 4 Nov 2026". */
export const dateText = ({ day, lastDay, isToday }: HistoryRow): string =>
  `${rangeWords({ from: day, to: lastDay })}${isToday ? ', so far' : ''}`;
