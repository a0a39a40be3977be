/** Every BigQuery type travels through the MERGE unchanged, with a value and without one. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { runJob } from '@/lib/platform/bigquery/bigquery-job';
import { newUuid, randomText } from '@/lib/platform/ids';
import type { TableShape } from '@/lib/warehouse/mirror/define-mirror';
import { mergeParameters, mergeSql } from '@/lib/warehouse/mirror/merge-sql';
import { deletionText, rowText } from '@/lib/warehouse/mirror/payload';

const dataset = `relay_types_${randomText(8)}`;
const shape: TableShape = {
  dataset: 'customers',
  table: 'every_type',
  primaryKey: ['id'],
  partition: { field: 'at', type: 'TIMESTAMP' },
  columns: {
    id: { type: 'STRING', mode: 'REQUIRED' },
    at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
    text: { type: 'STRING', mode: 'NULLABLE' },
    whole: { type: 'INT64', mode: 'NULLABLE' },
    ratio: { type: 'FLOAT64', mode: 'NULLABLE' },
    price: { type: 'NUMERIC', mode: 'NULLABLE' },
    yes: { type: 'BOOL', mode: 'NULLABLE' },
    day: { type: 'DATE', mode: 'NULLABLE' },
    later: { type: 'TIMESTAMP', mode: 'NULLABLE' },
    sealed: { type: 'BYTES', mode: 'NULLABLE' },
    settings: { type: 'JSON', mode: 'NULLABLE' },
    tags: { type: 'STRING', mode: 'REPEATED' },
    counts: { type: 'INT64', mode: 'REPEATED' },
  },
};
const at = new Date('2026-03-31T23:59:59.999Z');

async function merge(texts: string[], mode: 'upsert' | 'insert' = 'upsert') {
  const parameters = mergeParameters(
    shape,
    texts,
    texts.map(() => '2026-03-31'),
  );
  return runJob(
    { jobId: `test_${newUuid()}`, name: 'test/merge', sql: mergeSql(shape, dataset, mode), parameters },
    bigquery(),
  );
}

async function readBack(id: string) {
  const columns = Object.keys(shape.columns)
    .map(name => `\`${name}\``)
    .join(', ');
  const sql = `SELECT ${columns}, FORMAT_TIMESTAMP('%E6S', later) AS later_seconds FROM \`${dataset}.every_type\` WHERE id = @id`;
  const { rows } = await runStatement({ name: 'test/read', sql, parameters: { id: { type: 'STRING', value: id } } });
  return rows;
}

beforeAll(async () => {
  const client = bigquery();
  const projectId = await client.getProjectId();
  await bigqueryRequest(client, {
    method: 'POST',
    uri: '/datasets',
    json: { datasetReference: { projectId, datasetId: dataset } },
  });
  const fields = Object.entries(shape.columns).map(([name, column]) => ({ name, ...column }));
  const json = {
    tableReference: { projectId, datasetId: dataset, tableId: shape.table },
    schema: { fields },
    timePartitioning: { type: 'DAY', field: 'at' },
  };
  await bigqueryRequest(client, { method: 'POST', uri: `/datasets/${dataset}/tables`, json });
});

afterAll(async () => {
  await bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
});

const none = {
  at,
  text: null,
  whole: null,
  ratio: null,
  price: null,
  yes: null,
  day: null,
  later: null,
  sealed: null,
  settings: null,
};
const cases: { name: string; row: Record<string, unknown>; reads?: Record<string, unknown> }[] = [
  { name: 'a row without a value', row: { ...none, tags: [], counts: [] } },
  {
    name: 'lists that are null arrive empty',
    row: { ...none, tags: null, counts: null },
    reads: { tags: [], counts: [] },
  },
  {
    name: 'plain values',
    row: {
      at,
      text: 'plain',
      whole: 42,
      ratio: 0.1,
      price: '199.5',
      yes: true,
      day: '2026-02-28',
      later: new Date('2026-01-02T03:04:05.678Z'),
      sealed: Buffer.from([0, 255, 10, 13, 34]),
      settings: { a: [1, 'two', null, { b: false }] },
      tags: ['x', 'y'],
      counts: [3, 1, 2],
    },
  },
  {
    name: 'zero, false and empty are not null',
    row: {
      ...none,
      text: '',
      whole: 0,
      ratio: 0,
      price: '0',
      yes: false,
      sealed: Buffer.alloc(0),
      settings: {},
      tags: [''],
      counts: [0],
    },
  },
  {
    name: 'unicode, quotes, backslashes and line breaks',
    row: {
      ...none,
      text: `Zoë "the 🦊" O'Neil\\n\n\t{"a":1} $.x \u0001 日本`,
      settings: { 'käse "q"': "it's\n🦊\\", '<&>': '\u2028' },
      tags: ['"', "'", '\\', '🦊', 'null'],
      counts: [],
    },
  },
  {
    name: 'the edges of numbers',
    row: {
      ...none,
      whole: Number.MAX_SAFE_INTEGER,
      ratio: 1.7976931348623157e308,
      price: '99999999999999999999999999999.123456789',
      settings: { n: JSON.rawJSON('9007199254740993'), most: JSON.rawJSON('9223372036854775807'), f: 1e-7 },
      tags: [],
      counts: [Number.MIN_SAFE_INTEGER],
    },
  },
  {
    name: 'JSON that is a bare text, number or list',
    row: { ...none, settings: ['a', 1.5, true], tags: [], counts: [] },
  },
  {
    name: 'negative numbers and old days',
    row: {
      ...none,
      whole: -1,
      ratio: -2.5,
      price: '-0.000000001',
      day: '0001-01-01',
      later: new Date('1969-12-31T23:59:59.999Z'),
      tags: [],
      counts: [-1],
    },
  },
];

test.each(cases)('$name', async ({ row, reads }) => {
  const id = newUuid();
  await merge([rowText(shape, { id, ...row })]);
  const [found] = await readBack(id);
  const { later_seconds: _, ...columns } = found ?? {};
  expect(columns).toEqual({ id, ...row, ...reads });
  expect(rowText(shape, columns)).toBe(rowText(shape, { id, ...row }));
});

test('microseconds are kept', async () => {
  const id = newUuid();
  await merge([rowText(shape, { id, ...none, later: '2026-01-02T03:04:05.123456Z' })]);
  expect((await readBack(id))[0]?.later_seconds).toBe('05.123456');
});

test('integers beyond 2^53 travel exactly', async () => {
  const id = newUuid();
  await merge([rowText(shape, { id, ...none, whole: 9_223_372_036_854_775_807n })]);
  const sql = `SELECT CAST(whole AS STRING) AS whole FROM \`${dataset}.every_type\` WHERE id = @id`;
  const { rows } = await runStatement({ name: 'test/read', sql, parameters: { id: { type: 'STRING', value: id } } });
  expect(rows[0]?.whole).toBe('9223372036854775807');
});

test('an upsert changes every column, sets values back to null, and deletes in the same statement', async () => {
  const [changed, gone, fresh] = [newUuid(), newUuid(), newUuid()];
  const full = cases[2]?.row ?? {};
  await merge([rowText(shape, { id: changed, ...full }), rowText(shape, { id: gone, ...full })]);
  await merge([
    rowText(shape, { id: changed, ...none, tags: ['only'] }),
    deletionText(shape, gone),
    rowText(shape, { id: fresh, ...full }),
  ]);
  expect((await readBack(changed))[0]).toMatchObject({
    text: null,
    settings: null,
    sealed: null,
    tags: ['only'],
    counts: [],
  });
  expect(await readBack(gone)).toEqual([]);
  expect((await readBack(fresh))[0]).toMatchObject({ text: 'plain' });
});

test('an insert-only mirror neither changes nor repeats a row', async () => {
  const id = newUuid();
  await merge([rowText(shape, { id, ...none, text: 'first' })], 'insert');
  await merge([rowText(shape, { id, ...none, text: 'second' })], 'insert');
  expect(await readBack(id)).toMatchObject([{ text: 'first' }]);
});
