/** Ranges of UTC days as people ask for them: a length that ends today, or a first and a last day. Pure. */
import { addDays, readIsoTime } from '@/lib/platform/clock';

/** First and last UTC day (yyyy-mm-dd), both included. */
export type DayRange = { from: string; to: string };

export type AskedRange = {
  /** Length in days, where no day is named. */
  days: number;
  from?: string | undefined;
  to?: string | undefined;
};

export type FoundRange =
  | { range: DayRange; problem: null }
  /** One sentence that says what is wrong with the days asked for, and the field that it is about. */
  | { range: null; problem: string; field: 'from' | 'to' };

const dayMs = 86_400_000;

/** How many days a range has. */
export const daysIn = ({ from, to }: DayRange): number => Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;

/** As many days as the range has, right before it. */
export const rangeBefore = (range: DayRange): DayRange => ({
  from: addDays(range.from, -daysIn(range)),
  to: addDays(range.from, -1),
});

/** True for a day of the calendar that every store can keep, as yyyy-mm-dd. */
const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && text >= '1970-01-01' && text < '9999-12-31' && readIsoTime(text) !== null;

const wrong = (field: 'from' | 'to', problem: string): FoundRange => ({ range: null, problem, field });

/** The range that is asked for: no day after `today`, at most `maxDays` of them. */
export function readDayRange(today: string, { days, from, to }: AskedRange, maxDays: number): FoundRange {
  const malformed = [['from', from] as const, ['to', to] as const].find(([, day]) => day !== undefined && !isDay(day));
  if (malformed) return wrong(malformed[0], 'This is no day of the calendar. Write it as 2026-11-21.');
  const last = to ?? today;
  const first = from ?? addDays(last, 1 - days);
  if (first > today && first === from) return wrong('from', 'The first day has not come yet. Choose an earlier one.');
  if (last > today) return wrong('to', 'The last day has not come yet. Choose today or an earlier one.');
  if (first > last) return wrong('from', 'The first day comes after the last one.');
  const range = { from: first, to: last };
  if (daysIn(range) > maxDays) return wrong('from', `Choose at most ${maxDays} days.`);
  return { range, problem: null };
}
