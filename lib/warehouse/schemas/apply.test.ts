/** Schemas against a running BigQuery: created whole, changed in place, safe to repeat and to race. */
import { randomBytes } from 'node:crypto';
import type { BigQuery } from '@google-cloud/bigquery';
import { afterAll, expect, test } from 'vitest';
import { bigqueryRequest, createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { type CellSchema, decodeRows, type RawRow } from '@/lib/platform/bigquery/bigquery-values';
import { applyDefinitions, applySchemas, ensureTenantDataset } from '@/lib/warehouse/schemas/apply';
import { loadDefinitions, parseDefinition } from '@/lib/warehouse/schemas/definition';
import { planSchemas } from '@/lib/warehouse/schemas/plan';
import { getTable, runDdl } from '@/lib/warehouse/schemas/rest';

const location = 'US';
const client: BigQuery = createBigQuery({
  projectId: process.env.GOOGLE_CLOUD_PROJECT ?? 'tenantry-local',
  apiUrl: process.env.BIGQUERY_API_URL,
});
const used: string[] = [];
const newDataset = () => {
  const dataset = `schemas_${randomBytes(5).toString('hex')}`;
  used.push(dataset);
  return dataset;
};

async function select(sql: string): Promise<Record<string, unknown>[]> {
  const json = { query: sql, useLegacySql: false, location, formatOptions: { useInt64Timestamp: true } };
  type Answer = { schema: { fields: CellSchema[] }; rows?: RawRow[]; errors?: { message: string }[] };
  const answer = await bigqueryRequest<Answer>(client, { method: 'POST', uri: '/queries', json });
  if (answer.errors?.[0]) throw new Error(answer.errors[0].message);
  return decodeRows(answer.schema.fields, answer.rows ?? []);
}

/** A table with the given columns, each `name: [type, mode, default?]`. */
const tableOf = (columns: Record<string, [string, string, string?]>) =>
  parseDefinition('things', {
    description: 'Things that these tests keep in a table.',
    clustering: ['id'],
    primaryKey: ['id'],
    labels: { tier: 'core' },
    fields: Object.entries(columns).map(([name, [type, mode, fallback]]) => ({
      name,
      type,
      mode,
      description: `The column ${name} of a thing.`,
      ...(fallback ? { default: fallback } : {}),
    })),
  });
const apply = (dataset: string, definition: ReturnType<typeof tableOf>) =>
  applyDefinitions(client, { dataset, location, definitions: [definition], description: 'Made by a test.' });

afterAll(async () => {
  const remove = (dataset: string) =>
    bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
  await Promise.all(used.map(remove));
});

test('the customers dataset is created whole and a second apply changes nothing', async () => {
  const dataset = newDataset();
  const first = await applySchemas(client, { dataset, folder: 'customers', location });
  const tables = loadDefinitions('customers').map(() => 'create_table');
  expect(first.map(change => change.kind)).toEqual(['create_dataset', ...tables]);
  expect(await applySchemas(client, { dataset, folder: 'customers', location })).toEqual([]);
});

test.each(loadDefinitions('customers'))('$table has its columns, partitioning and clustering', async definition => {
  const dataset = used[0] ?? '';
  const live = await getTable(client, dataset, definition.table);
  const columns = (live?.schema?.fields ?? []).map(({ name, type, mode, description }) => [
    name,
    type,
    mode,
    description,
  ]);
  expect(columns).toEqual(
    definition.fields.map(({ name, type, mode, description }) => [name, type, mode, description]),
  );
  expect(live?.timePartitioning).toMatchObject({ type: 'DAY', field: definition.partitioning?.field });
  expect(live?.clustering?.fields).toEqual(definition.clustering);
  expect(live?.labels).toEqual(definition.labels);
});

test('a tenant gets its tables, also when eight workers ask at once', async () => {
  const dataset = newDataset();
  await Promise.all(Array.from({ length: 8 }, () => ensureTenantDataset(client, dataset, location)));
  const answer = await bigqueryRequest<{ tables: { tableReference: { tableId: string } }[] }>(client, {
    method: 'GET',
    uri: `/datasets/${dataset}/tables`,
  });
  const names = answer.tables.map(table => table.tableReference.tableId).sort();
  const ofTraces = ['ai_usage_days', 'etl_runs', 'session_details', 'sessions'];
  const ofGithub = ['commits', 'etag_state', 'pull_request_details', 'pull_requests'];
  expect(names).toEqual(
    ['api_keys', 'dq_results', 'pipeline_runs', 'run_details', 'step_logs', ...ofTraces, ...ofGithub].sort(),
  );
  expect(await ensureTenantDataset(client, dataset, location)).toEqual([]);
});

test('a table missing from an existing dataset is created again', async () => {
  const dataset = newDataset();
  await ensureTenantDataset(client, dataset, location);
  await runDdl(client, `DROP TABLE \`${dataset}\`.\`dq_results\``, location);
  const changes = await ensureTenantDataset(client, dataset, location);
  expect(changes.map(({ kind, table }) => [kind, table])).toEqual([['create_table', 'dq_results']]);
});

test('a new column, a wider type and a relaxed mode keep the rows, and older and later rows get the default', async () => {
  const dataset = newDataset();
  await apply(dataset, tableOf({ id: ['STRING', 'REQUIRED'], count: ['INT64', 'REQUIRED'] }));
  await runDdl(client, `INSERT INTO ${dataset}.things (id, count) VALUES ('old', 42)`, location);
  const next = tableOf({
    id: ['STRING', 'REQUIRED'],
    count: ['NUMERIC', 'NULLABLE'],
    colour: ['STRING', 'NULLABLE', "'blue'"],
    tags: ['STRING', 'REPEATED'],
  });
  const changes = await apply(dataset, next);
  expect(changes.map(change => `${change.kind} ${change.column}`)).toEqual([
    'widen_type count',
    'relax_mode count',
    'add_column colour',
    'backfill colour',
    'add_column tags',
  ]);
  expect(await apply(dataset, next)).toEqual([]);
  await runDdl(client, `INSERT INTO ${dataset}.things (id, count) VALUES ('new', 0.5)`, location);
  const rows = await select(`SELECT id, count, colour, tags FROM ${dataset}.things ORDER BY id DESC`);
  expect(rows.map(row => ({ ...row, count: Number(row.count) }))).toEqual([
    { id: 'old', count: 42, colour: 'blue', tags: [] },
    { id: 'new', count: 0.5, colour: 'blue', tags: [] },
  ]);
});

test('two processes that add the same columns at once both succeed', async () => {
  const dataset = newDataset();
  await apply(dataset, tableOf({ id: ['STRING', 'REQUIRED'] }));
  const next = tableOf({ id: ['STRING', 'REQUIRED'], a: ['INT64', 'NULLABLE', '1'], b: ['STRING', 'REPEATED'] });
  await Promise.all([apply(dataset, next), apply(dataset, next), apply(dataset, next)]);
  expect(await apply(dataset, next)).toEqual([]);
  await runDdl(client, `INSERT INTO ${dataset}.things (id) VALUES ('x')`, location);
  expect(await select(`SELECT id, a, b FROM ${dataset}.things`)).toEqual([{ id: 'x', a: 1, b: [] }]);
});

test('a refused change leaves the table as it was, its other changes included', async () => {
  const dataset = newDataset();
  const before = tableOf({ id: ['STRING', 'REQUIRED'], count: ['INT64', 'NULLABLE'] });
  await apply(dataset, before);
  const wrong = tableOf({ id: ['STRING', 'REQUIRED'], count: ['STRING', 'NULLABLE'], extra: ['STRING', 'NULLABLE'] });
  const changes = await apply(dataset, wrong);
  expect(changes.map(change => change.kind).sort()).toEqual(['add_column', 'refuse']);
  expect(await planSchemas(client, { dataset, definitions: [before], location })).toEqual([]);
});

test('a running process only adds: what an operator may want to decide stays as it is, and is not even told', async () => {
  const dataset = newDataset();
  const before = tableOf({ id: ['STRING', 'REQUIRED'], count: ['INT64', 'REQUIRED'] });
  await apply(dataset, { ...before, description: 'What it said before.', clustering: ['count'] });
  const next = tableOf({
    id: ['STRING', 'REQUIRED'],
    count: ['NUMERIC', 'NULLABLE'],
    colour: ['STRING', 'NULLABLE', "'blue'"],
  });
  const options = { dataset, location, definitions: [next], description: 'Made by a test.', additiveOnly: true };
  const kinds = async () => (await applyDefinitions(client, options)).map(change => change.kind);
  expect(await kinds()).toEqual(['widen_type', 'relax_mode', 'add_column']);
  expect(await kinds()).toEqual([]);
  const live = await getTable(client, dataset, 'things');
  expect(live).toMatchObject({ description: 'What it said before.', clustering: { fields: ['count'] } });
  expect(live?.schema?.fields?.map(({ name, type, mode }) => [name, type, mode])).toEqual([
    ['id', 'STRING', 'REQUIRED'],
    ['count', 'NUMERIC', 'NULLABLE'],
    ['colour', 'STRING', 'NULLABLE'],
  ]);
  // What may take long is left to an operator too: the default of older rows.
  expect((await apply(dataset, next)).map(change => change.kind)).toEqual([
    'backfill',
    'set_clustering',
    'set_description',
  ]);
});

test('a dataset in another location is refused', async () => {
  const dataset = newDataset();
  await ensureTenantDataset(client, dataset, 'US');
  const changes = await ensureTenantDataset(client, dataset, 'EU');
  expect(changes.map(change => change.kind)).toEqual(['refuse']);
});

test.each(['customers; DROP', 'a.b', '', '../x', '1st'])(
  'the dataset name %j is refused before any request',
  async name => {
    await expect(ensureTenantDataset(client, name, location)).rejects.toThrow('not a dataset name');
  },
);
