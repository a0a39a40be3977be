/** Streams go to the busiest tables that load jobs would make wait, within the day's bytes, and tables do not change over and back. */
import { expect, test } from 'vitest';
import { intervals } from '@/lib/warehouse/ingest/load/intervals';
import { bytesPerSecond, chooseStreams, type StreamCandidate } from '@/lib/warehouse/ingest/load/stream/choose-streams';

const table = (key: string, more: Partial<StreamCandidate> = {}): StreamCandidate => ({
  key,
  rowsPerHour: 36_000,
  rowBytes: 1_000,
  isStreamed: false,
  seconds: 300,
  ...more,
});
const allowance = { leastSeconds: 60, bytesPerSecond: 1e9 };
const chosen = (tables: StreamCandidate[], more: Partial<typeof allowance> = {}) => [
  ...chooseStreams(tables, { ...allowance, ...more }),
];

test('tables that load jobs bring as often as asked for, and quiet ones, take load jobs', () => {
  expect(chosen([table('fresh', { seconds: 60 }), table('quiet', { rowsPerHour: 100 })])).toEqual([]);
  expect(chosen([table('hot')])).toEqual(['hot']);
});

test('with few tables the budget of jobs gives all what was asked for, and nothing is streamed', () => {
  const rates = Array.from({ length: 40 }, (_, index) => ({ key: `t${index}`, rowsPerHour: 1e6 }));
  const seconds = intervals(rates, { jobsPerSecond: 72_000 / 86_400, leastSeconds: 60, mostSeconds: 3_600 });
  expect(chosen(rates.map(rate => table(rate.key, { ...rate, seconds: seconds.get(rate.key) ?? 0 })))).toEqual([]);
});

test('the busiest go first, as many as the bytes and the streams of an hour reach for', () => {
  const tables = Array.from({ length: 400 }, (_, index) => table(`t${index}`, { rowsPerHour: 10_000 + index * 100 }));
  const all = chosen(tables);
  // 8,000 streams an hour are 133 tables that get one each minute.
  expect(all).toHaveLength(133);
  expect(all).toContain('t399');
  expect(all).not.toContain('t200');
  // The busiest brings 49,900 rows of 1,000 bytes an hour.
  expect(chosen(tables, { bytesPerSecond: 15_000 })).toContain('t399');
  expect(chosen(tables, { bytesPerSecond: 15_000 })).toHaveLength(1);
  expect(chosen(tables, { bytesPerSecond: 0 })).toEqual([]);
});

test('a table changes over at twice the seconds asked for and back below one and a quarter, so that it does not flap', () => {
  expect(chosen([table('a', { seconds: 119 })])).toEqual([]);
  expect(chosen([table('a', { seconds: 119, isStreamed: true })])).toEqual(['a']);
  expect(chosen([table('a', { seconds: 76, isStreamed: true })])).toEqual(['a']);
  expect(chosen([table('a', { seconds: 74, isStreamed: true })])).toEqual([]);
  expect(chosen([table('a', { rowsPerHour: 400 })])).toEqual([]);
  expect(chosen([table('a', { rowsPerHour: 400, isStreamed: true })])).toEqual(['a']);
});

test('one that is streamed gives its place only to one that is half as busy again', () => {
  const places = { bytesPerSecond: 15_000 };
  const old = table('old', { isStreamed: true });
  expect(chosen([table('new', { rowsPerHour: 50_000 }), old], places)).toEqual(['old']);
  expect(chosen([table('new', { rowsPerHour: 54_001 }), old], { bytesPerSecond: 16_000 })).toEqual(['new']);
});

test('bytes that are left of a day are spread over the rest of it', () => {
  const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 4, 4, hour, minute));
  expect(bytesPerSecond(at(0), 86_400_000)).toBe(1_000);
  expect(bytesPerSecond(at(12), 43_200_000)).toBe(1_000);
  expect(bytesPerSecond(at(12), -5)).toBe(0);
  expect(bytesPerSecond(at(23, 59), 600)).toBe(10);
});
