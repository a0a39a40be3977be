/** Texts of rows: equal rows have equal texts, and what a table cannot hold is refused with the column's name. */
import { expect, test } from 'vitest';
import { groupByKey, inParts } from '@/lib/warehouse/mirror/changes';
import { mergeParameters, mergeSql } from '@/lib/warehouse/mirror/merge-sql';
import { dayOf, rowText } from '@/lib/warehouse/mirror/payload';

const column = (type: string, mode = 'NULLABLE') => ({ type, mode });
const shape = (columns: Record<string, { type: string; mode: string }>) => ({
  dataset: 'customers',
  table: 'things',
  primaryKey: ['id'],
  partition: null,
  columns: { id: column('STRING', 'REQUIRED'), ...columns },
});

test.each([
  { type: 'NUMERIC', one: '49.00', other: '49' },
  { type: 'NUMERIC', one: '-0.0', other: '0' },
  { type: 'JSON', one: { b: 1, a: [{ d: 1, c: undefined }] }, other: { a: [{ d: 1 }], b: 1 } },
  { type: 'TIMESTAMP', one: new Date(0), other: '1970-01-01T00:00:00.000Z' },
])('$type $one and $other are the same value', ({ type, one, other }) => {
  const table = shape({ value: column(type) });
  expect(rowText(table, { id: 'x', value: one })).toBe(rowText(table, { id: 'x', value: other }));
});

test.each([
  { type: 'INT64', value: 1.5, says: 'things.value: expected a safe integer' },
  { type: 'INT64', value: 2 ** 53, says: 'things.value: expected a safe integer' },
  { type: 'STRING', value: 7, says: 'things.value: expected text' },
  { type: 'DATE', value: new Date(), says: 'things.value: expected a date yyyy-mm-dd' },
  { type: 'TIMESTAMP', value: new Date(Number.NaN), says: 'things.value: expected a valid instant' },
  { type: 'TIMESTAMP', value: new Date('+010000-01-01'), says: 'things.value: expected an instant in the years' },
  { type: 'NUMERIC', value: '1e5', says: 'things.value: expected a decimal number' },
  { type: 'BOOL', value: 'true', says: 'things.value: expected true or false' },
  { type: 'BYTES', value: 'text', says: 'things.value: expected bytes' },
])('$type refuses $value', ({ type, value, says }) => {
  expect(() => rowText(shape({ value: column(type) }), { id: 'x', value })).toThrow(says);
});

test('a missing required value and an unknown column are refused', () => {
  expect(() => rowText(shape({}), {})).toThrow('things.id: expected a value, the column is required');
  expect(() => rowText(shape({}), { id: 'x', extra: 1 })).toThrow('things has no column extra');
});

test('a table whose key is not one column cannot be mirrored', () => {
  expect(() => mergeSql({ ...shape({}), primaryKey: ['id', 'day'] }, 'd', 'upsert')).toThrow('cannot be mirrored');
  expect(() => mergeSql(shape({}), 'a`; DROP', 'upsert')).toThrow('is not a dataset name');
});

test('the bounds hold the whole days of all rows, and all days when one is not known', () => {
  const partitioned = { ...shape({}), partition: { field: 'at', type: 'TIMESTAMP' } };
  expect(mergeParameters(partitioned, [], ['2026-03-02', '2026-03-01'])).toMatchObject({
    lo: { type: 'TIMESTAMP', value: '2026-03-01T00:00:00.000000Z' },
    hi: { type: 'TIMESTAMP', value: '2026-03-02T23:59:59.999999Z' },
  });
  expect(mergeParameters(partitioned, [], ['2026-03-02', null])).toMatchObject({
    lo: { value: '0001-01-01T00:00:00.000000Z' },
    hi: { value: '9999-12-31T23:59:59.999999Z' },
  });
});

test('days are read from instants however Postgres writes them', () => {
  expect(['2026-03-01 23:59:59.999999+00', '2026-03-01T00:00:00Z', '2026-03-01'].map(dayOf)).toEqual(
    Array(3).fill('2026-03-01'),
  );
  expect([dayOf(null), dayOf('')]).toEqual([null, null]);
});

test('many changes of a row become one with all their ids; a batch ends at 500 rows and at 5 MB', () => {
  const pending = Array.from({ length: 1_500 }, (_, id) => ({
    id,
    key: `key ${id % 600}`,
    partitionValue: null,
    customerId: null,
    createdAt: new Date(),
  }));
  const groups = groupByKey(pending);
  expect(groups).toHaveLength(600);
  expect(groups[0]?.outboxIds).toEqual([0, 600, 1_200]);
  const sized = (bytes: number) => (group: (typeof groups)[number]) => ({ ...group, text: 'x'.repeat(bytes) });
  expect(inParts([...groups, ...groups].map(sized(10))).map(part => part.length)).toEqual([500, 500, 200]);
  expect(inParts(groups.slice(0, 5).map(sized(2_000_000))).map(part => part.length)).toEqual([2, 2, 1]);
  expect(inParts(groups.slice(0, 2).map(sized(6_000_000))).map(part => part.length)).toEqual([1, 1]);
});
