/** Of tables that are too many for an answer columns are left out before tables, and no name is lost. */
import { expect, test } from 'vitest';
import { fitTables } from '@/lib/edge/v1/mcp/tools/fit-tables';

const columns = (count: number) =>
  Array.from({ length: count }, (_, column) => ({ name: `column_${column}`, type: 'STRING', description: 'Sent.' }));
const table = (name: string, count: number) => ({ name, description: 'A table of "events".', columns: columns(count) });
const bytes = (data: object): number => Buffer.byteLength(JSON.stringify([data, JSON.stringify(data)]));

test('tables that fit are whole', () => {
  const tables = [table('a', 3), table('b', 5)];
  expect(fitTables(tables, 10_000)).toEqual({ tables, more: [] });
});

test('columns of the largest tables go first', () => {
  const tables = [table('a', 10), table('large', 300), table('b', 10), table('larger', 400)];
  const fitted = fitTables(tables, 70_000);
  expect(fitted.tables.map(({ name, columns: { length } }) => [name, length])).toEqual([
    ['a', 10],
    ['large', 300],
    ['b', 10],
    ['larger', 0],
  ]);
  expect([fitted.more, bytes(fitted.tables) <= 71_000]).toEqual([[], true]);
});

test('where there are too many tables even without columns, the rest are told by name', () => {
  const tables = Array.from({ length: 2_000 }, (_, index) => table(`events_shop_table_${index}`, 20));
  const { tables: kept, more } = fitTables(tables, 190_000);
  expect(kept.every(({ columns: { length } }) => length === 0)).toBe(true);
  expect(kept.length).toBeGreaterThan(300);
  expect([...kept.map(({ name }) => name), ...more]).toEqual(tables.map(({ name }) => name));
  expect(bytes({ kept, more })).toBeLessThan(200_000);
});

test('a table alone keeps as many of its columns as there is room for', () => {
  const { tables, more } = fitTables([table('wide', 5_000)], 190_000);
  expect(tables[0]?.columns.length).toBeGreaterThan(800);
  expect([tables[0]?.columns, more]).toEqual([columns(tables[0]?.columns.length ?? 0), []]);
  expect(bytes(tables)).toBeLessThan(191_000);
});

test('no table is no table', () => {
  expect(fitTables([], 1_000)).toEqual({ tables: [], more: [] });
});
