/** A demo's folder that is kept goes on with the schemas of the version that starts it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyTenantSchemas } from '@/dev/seed/seeding';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { createWorld } from '@/dev/testing/world';
import { tenantDatasets } from '@/lib/domains/customers/datasets';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { ensureTenantDataset } from '@/lib/warehouse/schemas/apply';
import { getTable, runDdl } from '@/lib/warehouse/schemas/rest';

let dropDatabase: () => Promise<void>;
let folder = '';
const datasets: string[] = [];
const variables = () => process.env as Record<string, string>;

beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
  folder = await mkdtemp(join(tmpdir(), 'seeding-'));
  for (const world of [await createWorld(), await createWorld()]) {
    datasets.push(world.tenantDatasetId);
    await ensureTenantDataset(bigquery(), world.tenantDatasetId, 'US');
  }
});
afterAll(async () => {
  for (const dataset of datasets)
    await bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
  await rm(folder, { recursive: true });
  await dropDatabase();
});

test('every customer’s dataset of an earlier version is completed, and a table that cannot be is told of', async () => {
  const [one = '', other = ''] = datasets;
  const log = join(folder, 'schemas.log');
  expect((await tenantDatasets()).map(({ dataset }) => dataset).sort()).toEqual([one, other].sort());
  for (const dataset of datasets) await runDdl(bigquery(), `DROP TABLE ${dataset}.dq_results`, 'US');
  expect(await applyTenantSchemas(variables(), log)).toBe(true);
  for (const dataset of datasets)
    expect(await getTable(bigquery(), dataset, 'dq_results')).toMatchObject({ type: 'TABLE' });
  await runDdl(bigquery(), `DROP TABLE ${one}.step_logs`, 'US');
  await runDdl(bigquery(), `CREATE TABLE ${one}.step_logs (step_logging_id INT64)`, 'US');
  expect(await applyTenantSchemas(variables(), log)).toBe(false);
  expect(await readFile(log, 'utf8')).toMatch(new RegExp(`! refuse .*${one}\\.step_logs`));
}, 60_000);
