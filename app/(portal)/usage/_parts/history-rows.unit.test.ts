import { expect, test } from 'vitest';
import { dateText, historyRows } from '@/app/(portal)/usage/_parts/history-rows';
import type { DayUse, HistoryDay } from '@/lib/domains/quotas/history';
import { daysFrom } from '@/lib/platform/clock';

const use: DayUse = {
  runs: 1,
  succeeded: 1,
  failed: 0,
  cancelled: 0,
  running: 0,
  refused: 0,
  limit: 6,
  mostAtOnce: 1,
};

/** Days from `first` on: "x" is measured, "." is not; the last is today. */
const history = (first: string, marks: string): HistoryDay[] =>
  daysFrom(first, marks.length).map((day, index) => ({
    day,
    isToday: index === marks.length - 1,
    use: marks[index] === 'x' ? use : null,
  }));
const dates = (first: string, marks: string) => historyRows(history(first, marks)).map(dateText);

test('days in a row that nobody measured are one row, newest first', () => {
  expect(dates('2026-11-02', '...x.x')).toEqual([
    '7 Nov 2026, so far',
    '6 Nov 2026',
    '5 Nov 2026',
    '2 Nov – 4 Nov 2026',
  ]);
  expect(dates('2026-11-02', '...')).toEqual(['2 Nov – 4 Nov 2026, so far']);
  expect(historyRows([])).toEqual([]);
});

test('a row over the turn of a year names both years', () =>
  expect(dates('2026-12-30', '...x')).toEqual(['2 Jan 2027, so far', '30 Dec 2026 – 1 Jan 2027']));

test('a measured day keeps its figures', () => {
  const [row] = historyRows(history('2026-11-02', 'x'));
  expect(row).toMatchObject({ day: '2026-11-02', lastDay: '2026-11-02', use });
});
