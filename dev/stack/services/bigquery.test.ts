/** The local BigQuery answers each of many callers at once with the rows of its own question. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { env } from '@/lib/platform/env';
import { randomText } from '@/lib/platform/ids';
import { runDdl } from '@/lib/warehouse/schemas/rest';

const dataset = `listed_${randomText(10)}`;
const times = Array.from({ length: 60 }, (_, index) => index);

beforeAll(async () => {
  await runDdl(bigquery(), `CREATE SCHEMA ${dataset}`, env().BIGQUERY_LOCATION);
  const rows = 'SELECT n AS id, FORMAT("row %d", n) AS name FROM UNNEST(GENERATE_ARRAY(1, 3)) AS n';
  await runDdl(bigquery(), `CREATE TABLE ${dataset}.numbers AS ${rows}`, env().BIGQUERY_LOCATION);
});
afterAll(() =>
  bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } }),
);

async function list() {
  type Listed = { totalRows: string; rows: { f: { v: string }[] }[] };
  const uri = `/datasets/${dataset}/tables/numbers/data`;
  const { totalRows, rows } = await bigqueryRequest<Listed>(bigquery(), { method: 'GET', uri });
  return [totalRows, ...rows.map(({ f }) => f.map(({ v }) => v).join(' ')).sort()];
}

async function ask(asker: string, count: number) {
  const sql = `SELECT '${asker}' AS asker, ${count} AS question, COUNT(*) AS numbers FROM ${dataset}.numbers`;
  return (await runStatement({ name: 'test.ask', sql })).rows;
}

test('a table’s rows are listed while queries run', async () => {
  const lister = async () => {
    for (const _ of times) expect(await list()).toEqual(['3', '1 row 1', '2 row 2', '3 row 3']);
  };
  const asker = async (name: string) => {
    for (const question of times) expect(await ask(name, question)).toEqual([{ asker: name, question, numbers: 3 }]);
  };
  await Promise.all([lister(), lister(), asker('one'), asker('two')]);
});
