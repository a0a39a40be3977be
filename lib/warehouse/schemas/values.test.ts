/** Every column type through a real table: written, read, checked by the row schema, backed up, and views over it. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bigqueryRequest, createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { type CellSchema, decodeRows, type RawRow } from '@/lib/platform/bigquery/bigquery-values';
import { googleApi, googleApis } from '@/lib/platform/http/google-api';
import { applyDefinitions, applySchemas } from '@/lib/warehouse/schemas/apply';
import { backupSchema, backupToFile } from '@/lib/warehouse/schemas/backup';
import { parseDefinition } from '@/lib/warehouse/schemas/definition';
import { countRows, recreateTable } from '@/lib/warehouse/schemas/recreate';
import { runDdl } from '@/lib/warehouse/schemas/rest';
import { secureDatasets } from '@/lib/warehouse/schemas/security/security';
import { rowSchema } from '@/lib/warehouse/schemas/table-shape';

const location = 'US';
const projectId = process.env.GOOGLE_CLOUD_PROJECT ?? 'tenantry-local';
const client = createBigQuery({ projectId, apiUrl: process.env.BIGQUERY_API_URL });
const dataset = `values_${randomBytes(5).toString('hex')}`;
const customers = `secured_${randomBytes(5).toString('hex')}`;
let folder = '';

const types = ['STRING', 'INT64', 'FLOAT64', 'NUMERIC', 'BOOL', 'TIMESTAMP', 'DATE', 'BYTES', 'JSON'] as const;
const column = (name: string, type: string, mode: string) => ({ name, type, mode, description: `A value of ${type}.` });
const definition = parseDefinition('every', {
  description: 'One column of each type.',
  primaryKey: ['id'],
  labels: { tier: 'core' },
  fields: [
    column('id', 'STRING', 'REQUIRED'),
    ...types.map(type => column(`a_${type.toLowerCase()}`, type, 'NULLABLE')),
    column('words', 'STRING', 'REPEATED'),
  ],
});
const schema = rowSchema({
  dataset: 'customers',
  table: 'every',
  primaryKey: ['id'],
  partition: null,
  requirePartitionFilter: false,
  columns: Object.fromEntries(definition.fields.map(({ name, type, mode }) => [name, { type, mode }])),
});

async function select(sql: string) {
  const json = { query: sql, useLegacySql: false, location, formatOptions: { useInt64Timestamp: true } };
  type Answer = { schema: { fields: CellSchema[] }; rows?: RawRow[]; errors?: { message: string }[] };
  const answer = await bigqueryRequest<Answer>(client, { method: 'POST', uri: '/queries', json });
  if (answer.errors?.[0]) throw new Error(answer.errors[0].message);
  return decodeRows(answer.schema.fields, answer.rows ?? []);
}
const run = (sql: string) => runDdl(client, sql, location);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schemas-'));
  await applyDefinitions(client, { dataset, location, definitions: [definition], description: 'Made by a test.' });
  const names = definition.fields.map(field => field.name).join(', ');
  await run(
    `INSERT INTO ${dataset}.every (${names}) VALUES
    ('full', 'it''s "ö"', -9007199254740991, 0.1, NUMERIC '12345678901234567890.123456789', TRUE,
     TIMESTAMP '2026-02-28 23:59:59.123456+00', DATE '2026-02-28', FROM_BASE64('AP8Q'), JSON '{"a":[1,null,"x"]}', ['b', 'a'])`.replace(
      "it''s",
      "it\\'s",
    ),
  );
  await run(`INSERT INTO ${dataset}.every (id, words) VALUES ('empty', [])`);
});

afterAll(async () => {
  for (const name of [dataset, customers, `${customers}_rls`]) {
    await bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${name}`, qs: { deleteContents: true } });
  }
  await rm(folder, { recursive: true });
});

test('a value of every type and a null of every type come back as they were written', async () => {
  const names = definition.fields.map(field => field.name).join(', ');
  const rows = await select(`SELECT ${names} FROM ${dataset}.every ORDER BY id DESC`);
  expect(rows.map(row => schema.parse(row))).toEqual([
    {
      id: 'full',
      a_string: 'it\'s "ö"',
      a_int64: -9007199254740991,
      a_float64: 0.1,
      a_numeric: '12345678901234567890.123456789',
      a_bool: true,
      a_timestamp: new Date('2026-02-28T23:59:59.123Z'),
      a_date: '2026-02-28',
      a_bytes: Buffer.from([0, 255, 16]),
      a_json: { a: [1, null, 'x'] },
      words: ['b', 'a'],
    },
    { id: 'empty', ...Object.fromEntries(types.map(type => [`a_${type.toLowerCase()}`, null])), words: [] },
  ]);
});

test('a backup holds the schema as bq shows it and every row, microseconds and decimals included', async () => {
  const saved = await backupSchema({ client, dataset, table: 'every' }, folder);
  const written = JSON.parse(await readFile(saved?.path ?? '', 'utf8')) as { name: string; mode: string }[];
  expect(written.map(({ name, mode }) => [name, mode])).toEqual(
    definition.fields.map(({ name, mode }) => [name, mode]),
  );
  const data = await backupToFile({ client, dataset, table: 'every' }, saved?.fields ?? [], folder);
  const lines = (await readFile(data.path, 'utf8')).trimEnd().split('\n');
  const rows = lines.map(line => JSON.parse(line) as Record<string, unknown>);
  expect(data.count).toBe(2);
  expect(rows.find(row => row.id === 'full')).toMatchObject({
    a_numeric: '12345678901234567890.123456789',
    a_timestamp: '2026-02-28T23:59:59.123456Z',
    a_bytes: 'AP8Q',
    a_json: { a: [1, null, 'x'] },
    words: ['b', 'a'],
  });
  expect(await backupSchema({ client, dataset, table: 'nothing' }, folder)).toBeNull();
});

test('a person sees through a view the rows of customers they are an active member of, and no others', async () => {
  await applySchemas(client, { dataset: customers, folder: 'customers', location });
  await run(`INSERT INTO ${customers}.customer_team_members (member_id, customer_id, email, role, status, invited_at, created_at, updated_at, permissions)
    VALUES ('m1', 'c1', 'anonymous', 'OWNER', 'ACTIVE', TIMESTAMP '2026-01-01', TIMESTAMP '2026-01-01', TIMESTAMP '2026-01-01', [])`);
  const profile = (id: string) =>
    `('${id}', 'Company ${id}', 'a@example.com', 'd_${id}', 'ACTIVE', 'STARTER', TIMESTAMP '2026-01-01', TIMESTAMP '2026-01-01')`;
  await run(`INSERT INTO ${customers}.customer_profiles (customer_id, company_name, admin_email, tenant_dataset_id, status, subscription_plan, created_at, updated_at)
    VALUES ${profile('c1')}, ${profile('c2')}`);
  const outcomes = await secureDatasets(
    { client, catalog: googleApi(googleApis.catalog), dataset: customers, location, readers: [], operators: [] },
    true,
  );
  expect(new Set(outcomes.map(outcome => outcome.state))).toEqual(new Set(['made', 'not available here']));
  const visible = `SELECT customer_id FROM ${customers}_rls.customer_profiles_view`;
  // The local BigQuery's SESSION_USER() is `anonymous`, the email of the member above.
  expect(await select(visible)).toEqual([{ customer_id: 'c1' }]);
  await run(`UPDATE ${customers}.customer_team_members SET status = 'REMOVED' WHERE member_id = 'm1'`);
  expect(await select(visible)).toEqual([]);
});

test('a recreated table is empty and as defined', async () => {
  await recreateTable(client, dataset, definition);
  expect(await countRows(client, dataset, 'every')).toBe(0);
  const again = await applyDefinitions(client, { dataset, location, definitions: [definition], description: 'Test.' });
  expect(again).toEqual([]);
  expect(await countRows(client, dataset, 'nothing')).toBeNull();
});
