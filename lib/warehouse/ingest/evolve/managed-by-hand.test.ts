/** BIGQUERY_AUTO_TABLE_MANAGEMENT=false: nothing is made or changed. */
import { eq } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { chunkOf, newTarget, notingClient, rowsOf, sendRows } from '@/dev/testing/ingest/batches';
import { testDefinition } from '@/dev/testing/ingest/datasets';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { prepareBatch } from '@/lib/warehouse/ingest/evolve/prepare-batch';
import { RowsRefused } from '@/lib/warehouse/ingest/evolve/prepared';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import { ingestColumns } from '@/lib/warehouse/ingest/tables';
import { getTable } from '@/lib/warehouse/schemas/rest';

const definition = testDefinition(false);
const { client, sent } = notingClient();
const changes = () => sent.filter(({ method, path }) => method !== 'GET' && !path.startsWith('/upload/jobs'));
const send = (target: Target, rows: Parameters<typeof sendRows>[1]) => sendRows(target, rows, { definition, client });

async function makeByHand(target: Target, fields: { name: string; type: string; mode?: string }[]): Promise<void> {
  const tableReference = {
    projectId: env().GOOGLE_CLOUD_PROJECT,
    datasetId: target.dataset,
    tableId: target.tableName,
  };
  const json = { tableReference, schema: { fields } };
  await bigqueryRequest(bigquery(), { method: 'POST', uri: `/datasets/${target.dataset}/tables`, json });
}

const target = newTarget();
beforeAll(async () => {
  const datasetReference = { projectId: env().GOOGLE_CLOUD_PROJECT, datasetId: target.dataset };
  await bigqueryRequest(bigquery(), { method: 'POST', uri: '/datasets', json: { datasetReference } });
  await makeByHand(target, [
    { name: 'id', type: 'STRING', mode: 'REQUIRED' },
    { name: 'received_at', type: 'TIMESTAMP' },
    { name: 'loaded_at', type: 'TIMESTAMP' },
    { name: 'price', type: 'INTEGER' },
    { name: 'amount', type: 'NUMERIC' },
    { name: 'day', type: 'DATE' },
  ]);
});

test('a row lands in a table made by hand, with its own types, and no statement and no change is sent', async () => {
  await send(target, [{ id: 'a', price: 1, amount: 12, day: '2024-02-29' }]);
  expect(await rowsOf(target, "SELECT id, price, amount, day FROM $table WHERE id = 'a'")).toEqual([
    { id: 'a', price: 1, amount: '12', day: '2024-02-29' },
  ]);
  expect(changes()).toEqual([]);
});

test('a missing column sets its rows aside with BigQuery’s words, the others are loaded; so does a value its column cannot take', async () => {
  const prepared = await send(target, [
    { id: 'b', price: 2 },
    { id: 'c', coupon: 'x' },
    { id: 'd', price: 1.5 },
    { id: 'e', coupon: null },
  ]);
  expect(prepared.rows).toBe(2);
  expect(prepared.discards).toEqual([]);
  expect(prepared.refused.map(({ rowId, error }) => [rowId, error.split('position 0: ')[1]])).toEqual([
    ['c', 'No such field: coupon.'],
    ['d', "Could not convert value '1.5' to INT64. Field: price"],
  ]);
  expect(JSON.parse(prepared.refused[0]?.row ?? '')).toMatchObject({ id: 'c', coupon: 'x' });
  expect(await rowsOf(target, "SELECT id, price FROM $table WHERE id > 'a' ORDER BY id")).toEqual([
    { id: 'b', price: 2 },
    { id: 'e', price: null },
  ]);
  expect(changes()).toEqual([]);
});

test('a missing table refuses the rows with what BigQuery answers, until somebody makes it', async () => {
  const missing = { ...target, tableName: 'refunds' };
  const error = await send(missing, [{ id: 'a', price: 1 }]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RowsRefused);
  expect((error as Error).message).toMatch(/^Not found: table:.*refunds$/i);
  await makeByHand(missing, [
    { name: 'id', type: 'STRING' },
    { name: 'received_at', type: 'TIMESTAMP' },
    { name: 'loaded_at', type: 'TIMESTAMP' },
    { name: 'price', type: 'INTEGER' },
  ]);
  await send(missing, [{ id: 'a', price: 1 }]);
  expect(await rowsOf(missing, 'SELECT id, price FROM $table')).toEqual([{ id: 'a', price: 1 }]);
  expect(changes()).toEqual([]);
});

test('a column that somebody makes by hand takes the next rows at once, and is in the list of columns', async () => {
  expect((await send(target, [{ id: 'f', colour: 'red' }])).refused).toHaveLength(1);
  const uri = `/datasets/${target.dataset}/tables/${target.tableName}`;
  const live = await getTable(bigquery(), target.dataset, target.tableName);
  const json = { schema: { fields: [...(live?.schema?.fields ?? []), { name: 'colour', type: 'STRING' }] } };
  await bigqueryRequest(bigquery(), { method: 'PATCH', uri, json });
  const { refused, rows } = await prepareBatch(definition, { ...target, mode: 'append' }, [
    chunkOf([{ colour: 'red' }]),
  ]);
  expect({ refused, rows }).toEqual({ refused: [], rows: 1 });
  const columns = await db().select().from(ingestColumns).where(eq(ingestColumns.dataset, target.dataset));
  const types = new Map(columns.filter(row => row.tableName === 'orders').map(row => [row.columnName, row.type]));
  expect(types.get('colour')).toBe('STRING');
  expect(types.get('amount')).toBe('NUMERIC');
});
