import { expect, test } from 'vitest';
import { newTarget, rowsOf, sendRows } from '@/dev/testing/ingest/batches';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import type { Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import { getDataset, getTable } from '@/lib/warehouse/schemas/rest';
import { standardType } from '@/lib/warehouse/schemas/types';

const typesOf = (prepared: Prepared) => Object.fromEntries(prepared.fields.map(({ name, type }) => [name, type]));
const valuesOf = async (target: Parameters<typeof rowsOf>[0], column: string) =>
  (await rowsOf(target, `SELECT ${column} AS v FROM $table ORDER BY received_at, id`)).map(row => row.v);
const at = (second: number) => new Date(Date.now() - 60_000 + second * 1_000).toISOString();

test('the first row of a source makes the dataset, the table with its base columns, partitioned and clustered, and the view', async () => {
  const target = newTarget();
  const prepared = await sendRows(target, [{ id: 'a', price: 5 }]);
  expect(typesOf(prepared)).toEqual({
    id: 'STRING',
    received_at: 'TIMESTAMP',
    loaded_at: 'TIMESTAMP',
    timestamp: 'TIMESTAMP',
    price: 'INT64',
  });
  expect(await getDataset(bigquery(), target.dataset)).toMatchObject({ labels: { log: 'events' }, location: 'US' });
  expect(await getTable(bigquery(), target.dataset, 'orders')).toMatchObject({
    description: 'A table of a test.',
    timePartitioning: { type: 'DAY', field: 'received_at' },
    clustering: { fields: ['id'] },
  });
  expect(await rowsOf({ ...target, tableName: 'orders_view' }, 'SELECT id, price, loaded_at FROM $table')).toEqual([
    { id: 'a', price: 5, loaded_at: expect.any(Date) },
  ]);
});

test('a new property adds a column, in the view too; a row that was loaded twice is one row there', async () => {
  const target = newTarget();
  await sendRows(target, [{ id: 'a', price: 5 }]);
  await sendRows(target, [
    { id: 'b', coupon: 'SAVE' },
    { id: 'b', coupon: 'SAVE' },
  ]);
  expect(await rowsOf(target, 'SELECT COUNT(*) AS c FROM $table')).toEqual([{ c: 3 }]);
  expect(
    await rowsOf({ ...target, tableName: 'orders_view' }, 'SELECT id, price, coupon FROM $table ORDER BY id'),
  ).toEqual([
    { id: 'a', price: 5, coupon: null },
    { id: 'b', price: null, coupon: 'SAVE' },
  ]);
});

test('1, then 1.5, then "x": the column ends as STRING and all three rows are kept; partitions and descriptions too', async () => {
  const target = newTarget();
  expect(typesOf(await sendRows(target, [{ received_at: at(1), price: 1 }])).price).toBe('INT64');
  expect(typesOf(await sendRows(target, [{ received_at: at(2), price: 1.5 }])).price).toBe('FLOAT64');
  expect(typesOf(await sendRows(target, [{ received_at: at(3), price: 'x' }])).price).toBe('STRING');
  expect(await valuesOf(target, 'price')).toEqual(['1', '1.5', 'x']);
  const live = await getTable(bigquery(), target.dataset, 'orders');
  expect(live).toMatchObject({
    description: 'A table of a test.',
    labels: { log: 'events' },
    timePartitioning: { type: 'DAY', field: 'received_at' },
    clustering: { fields: ['id'] },
  });
  expect(live?.schema?.fields?.find(field => field.name === 'id')?.description).toBe('The column id of a test.');
  expect(await rowsOf({ ...target, tableName: 'orders_view' }, 'SELECT COUNT(price) AS c FROM $table')).toEqual([
    { c: 3 },
  ]);
});

test('1, 1.5 and "x" in one batch make a STRING column, with numbers as they were written', async () => {
  const target = newTarget();
  const line = (second: number, price: string) => `{"id":"i${second}","received_at":"${at(second)}","price":${price}}`;
  const prepared = await sendRows(target, [
    line(1, '1'),
    line(2, '1.50'),
    line(3, '12345678901234567890'),
    line(4, '"x"'),
    line(5, 'true'),
  ]);
  expect(typesOf(prepared).price).toBe('STRING');
  expect(await valuesOf(target, 'price')).toEqual(['1', '1.50', '12345678901234567890', 'x', 'true']);
});

test('null makes no column; the first value after it gives the type', async () => {
  const target = newTarget();
  expect(typesOf(await sendRows(target, [{ price: null }])).price).toBeUndefined();
  const prepared = await sendRows(target, [{ price: null }, { price: 5 }]);
  expect(typesOf(prepared).price).toBe('INT64');
  expect(prepared.rows).toBe(2);
});

test('instants and booleans become their text when their column becomes STRING', async () => {
  const target = newTarget();
  await sendRows(target, [{ received_at: at(1), since: '2024-02-29T10:00:00.120Z', open: true }]);
  await sendRows(target, [{ received_at: at(2), since: 'soon', open: 'no' }]);
  expect(await valuesOf(target, 'since')).toEqual(['2024-02-29T10:00:00.120Z', 'soon']);
  expect(await valuesOf(target, 'open')).toEqual(['true', 'no']);
  const live = await getTable(bigquery(), target.dataset, 'orders');
  expect(live?.schema?.fields?.map(field => standardType(field.type))).toContain('STRING');
});

test('a table takes the name of a view that came with another one, and that table goes on without a view', async () => {
  const target = newTarget('page');
  await sendRows(target, [{ id: 'a' }]);
  const named = { ...target, tableName: 'page_view' };
  await sendRows(named, [{ id: 'b', path: '/' }]);
  await sendRows(target, [{ id: 'c', title: 'Home' }]);
  expect(await rowsOf(named, 'SELECT id, path FROM $table')).toEqual([{ id: 'b', path: '/' }]);
  expect(await rowsOf(target, 'SELECT COUNT(*) AS c FROM $table')).toEqual([{ c: 2 }]);
});
