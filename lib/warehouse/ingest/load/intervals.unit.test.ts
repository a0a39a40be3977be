/** Intervals keep the budget of jobs whatever tables there are, and give busy tables the shorter waits. */
import { expect, test } from 'vitest';
import { intervals, jobsPerSecond } from '@/lib/warehouse/ingest/load/intervals';

const rates = (...rowsPerHour: number[]) =>
  rowsPerHour.map((rate, index) => ({ key: String(index), rowsPerHour: rate }));
const allowance = { jobsPerSecond: 0.9, leastSeconds: 60, mostSeconds: 3_600 };
/** Jobs a second that these intervals come to. */
const cost = (tables: ReturnType<typeof rates>, seconds: ReadonlyMap<string, number>) =>
  tables.reduce(
    (sum, { key, rowsPerHour }) => sum + 1 / ((seconds.get(key) ?? 0) + 3_600 / Math.max(1, rowsPerHour)),
    0,
  );

test('with few tables each is loaded as often as the setting says', () => {
  expect([...intervals(rates(1, 100, 1e6), allowance).values()]).toEqual([60, 60, 60]);
  expect(intervals([], allowance).size).toBe(0);
});

test('where the budget is short, waits are proportional to 1/√rate within their limits, and the budget is used', () => {
  const tables = rates(...Array.from({ length: 1_000 }, (_, index) => 2 ** (index % 16)));
  const seconds = intervals(tables, allowance);
  expect(cost(tables, seconds)).toBeLessThanOrEqual(0.9);
  expect(cost(tables, seconds)).toBeGreaterThan(0.89);
  const of = (index: number) => seconds.get(String(index)) ?? 0;
  expect(of(12) / of(14)).toBeCloseTo(2, 5);
  for (const value of seconds.values()) {
    expect(value).toBeGreaterThanOrEqual(60);
    expect(value).toBeLessThanOrEqual(3_600);
  }
});

test('where not even hourly loads fit the budget, most wait longer, and busy ones still less', () => {
  const tables = rates(...Array.from({ length: 20_000 }, () => 10_000));
  const seconds = intervals(tables, allowance);
  expect(seconds.get('0')).toBeGreaterThan(3_600);
  expect(cost(tables, seconds)).toBeLessThanOrEqual(0.9);
  const mixed = [...tables, { key: 'busy', rowsPerHour: 100_000_000 }];
  expect(intervals(mixed, allowance).get('busy')).toBeLessThan(1_000);
});

test('what is left of a day is spread over the rest of it; a tenth is kept, and a day that has nothing left still moves', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 4, 4, hour));
  const even = 72_000 / 86_400;
  expect(jobsPerSecond({ now: at(0), jobsPerDay: 80_000, spent: 0 })).toBeCloseTo(even, 6);
  expect(jobsPerSecond({ now: at(12), jobsPerDay: 80_000, spent: 36_000 })).toBeCloseTo(even, 6);
  expect(jobsPerSecond({ now: at(12), jobsPerDay: 80_000, spent: 54_000 })).toBeCloseTo(even / 2, 6);
  expect(jobsPerSecond({ now: at(12), jobsPerDay: 80_000, spent: 80_000 })).toBeCloseTo(even / 50, 6);
  expect(jobsPerSecond({ now: new Date(Date.UTC(2026, 4, 4, 23, 59, 59)), jobsPerDay: 80_000, spent: 0 })).toBeCloseTo(
    even * 4,
    6,
  );
});
