import { describe, expect, test } from 'vitest';
import { type AskedRange, daysIn, rangeBefore, readDayRange } from '@/lib/domains/quotas/day-range';

const today = '2026-11-28';
const read = (asked: Partial<AskedRange>) => readDayRange(today, { days: 30, ...asked }, 366);
const range = (from: string, to: string) => ({ range: { from, to }, problem: null });

test('a length ends today, a first day ends today, a last day has the length before it', () => {
  expect(read({ days: 7 })).toEqual(range('2026-11-22', today));
  expect(read({ from: '2026-11-01' })).toEqual(range('2026-11-01', today));
  expect(read({ to: '2026-10-31' })).toEqual(range('2026-10-02', '2026-10-31'));
  expect(read({ from: '2026-03-01', to: '2026-03-01' })).toEqual(range('2026-03-01', '2026-03-01'));
});

describe('what cannot be shown says why and at which field', () => {
  test.each([
    ['a day that does not exist', { from: '2026-02-30' }, 'from', /no day of the calendar/],
    ['a text that is no day', { to: 'yesterday' }, 'to', /no day of the calendar/],
    ['days the wrong way round', { from: '2026-11-20', to: '2026-11-19' }, 'from', /comes after the last one/],
    ['a day that has not come', { to: '2026-11-29' }, 'to', /has not come yet/],
    ['a first day that has not come', { from: '2026-11-29' }, 'from', /has not come yet/],
    ['more days than are read at once', { from: '2025-11-27' }, 'from', /at most 366 days/],
  ])('%s', (_, asked, field, problem) =>
    expect(read(asked)).toEqual({ range: null, field, problem: expect.stringMatching(problem) }),
  );
});

test('366 days are a range, and the range before it has as many days and no day of it', () => {
  const asked = { from: '2025-11-28', to: today };
  expect(daysIn(asked)).toBe(366);
  expect(read(asked)).toEqual(range('2025-11-28', today));
  expect(rangeBefore(asked)).toEqual({ from: '2024-11-27', to: '2025-11-27' });
  expect(rangeBefore({ from: '2028-03-01', to: '2028-03-02' })).toEqual({ from: '2028-02-28', to: '2028-02-29' });
});
