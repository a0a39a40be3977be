/** What a process loads at once is bounded by tables and by bytes, and nobody waits for ever. */
import { expect, test } from 'vitest';
import { roomFor } from '@/lib/warehouse/ingest/load/due';

const limits = { bytes: 32, bytesAtOnce: 64, tablesAtOnce: 4 };
const tables = (...bytes: number[]) => bytes.map(each => ({ bytes: each }));

test('small tables begin together, as many as are loaded at once', () => {
  expect(roomFor(tables(1, 1, 1, 1, 1, 1), [], limits)).toBe(4);
  expect(roomFor(tables(1, 1, 1), [1, 1, 1], limits)).toBe(1);
  expect(roomFor([], [1], limits)).toBe(0);
});

test('of large tables only those begin whose batches fit beside what is under way, however much of them waits', () => {
  expect(roomFor(tables(5_000, 5_000, 5_000), [], limits)).toBe(2);
  expect(roomFor(tables(5_000, 1), [32, 20], limits)).toBe(0);
  expect(roomFor(tables(10, 10), [32, 20], limits)).toBe(1);
});

test('a batch that is larger than all that may be held is loaded alone', () => {
  const narrow = { ...limits, bytesAtOnce: 16 };
  expect(roomFor(tables(5_000, 1), [], narrow)).toBe(1);
  expect(roomFor(tables(5_000, 1), [1], narrow)).toBe(0);
});
