/** The contract with the real BigQuery, in a project of your choice: BIGQUERY_TEST_PROJECT=… npm run test:bigquery. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bigqueryRequest, createBigQuery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { randomText } from '@/lib/platform/ids';
import { applySchemas, ensureTenantDataset } from '@/lib/warehouse/schemas/apply';

const project = process.env.BIGQUERY_TEST_PROJECT;
const location = process.env.BIGQUERY_LOCATION ?? 'US';
const dataset = `tenantry_contract_${randomText(8)}`;

describe.runIf(project)('the real BigQuery', () => {
  const client = createBigQuery({ projectId: project ?? 'none' });
  const run = (sql: string, maximumBytesBilled?: number) =>
    runStatement({ name: 'contract', sql, maximumBytesBilled }, client);

  beforeAll(async () => {
    Object.assign(process.env, { GOOGLE_CLOUD_PROJECT: project, BIGQUERY_LOCATION: location });
    await ensureTenantDataset(client, dataset, location);
  });
  afterAll(() =>
    bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } }),
  );

  test('applying the schemas again changes nothing', async () => {
    expect(await applySchemas(client, { dataset, folder: 'metadata', location })).toEqual([]);
  });

  test('steps cannot be read without a filter on their partition', async () => {
    await expect(run(`SELECT COUNT(*) AS n FROM \`${dataset}.step_logs\``)).rejects.toThrow(/partition/i);
  });

  test('a cap below the 10 MiB that a table bills at least refuses the query', async () => {
    await run(
      `INSERT INTO \`${dataset}.api_keys\` (api_key_id, tenant_id, api_key_hash, created_at, is_active) VALUES ('k', 't', 'h', CURRENT_TIMESTAMP(), TRUE)`,
    );
    await expect(run(`SELECT api_key_id FROM \`${dataset}.api_keys\``, 1_048_576)).rejects.toThrow(/bytes/i);
    expect((await run(`SELECT api_key_id FROM \`${dataset}.api_keys\``)).rows).toEqual([{ api_key_id: 'k' }]);
  });

  test('partitioning and clustering are those of the schema files', async () => {
    const { rows } = await run(`SELECT table_name, column_name, is_partitioning_column, clustering_ordinal_position
      FROM \`${dataset}.INFORMATION_SCHEMA.COLUMNS\` WHERE table_name = 'pipeline_runs' AND (is_partitioning_column = 'YES' OR clustering_ordinal_position IS NOT NULL)
      ORDER BY clustering_ordinal_position`);
    expect(rows.filter(row => row.is_partitioning_column === 'YES').map(row => row.column_name)).toEqual([
      'start_time',
    ]);
    expect(rows.filter(row => row.clustering_ordinal_position !== null).map(row => row.column_name)).toEqual([
      'tenant_id',
      'pipeline_id',
      'status',
    ]);
  });
});
