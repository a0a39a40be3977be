import pg from 'pg';
import { expect, test } from 'vitest';

test('a worker inherits the services’ variables, and the ledger is migrated', async () => {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try {
    const { rows } = await client.query<{ exists: boolean }>(
      `SELECT to_regclass('public.outbox') IS NOT NULL AS exists`,
    );
    expect(rows).toEqual([{ exists: true }]);
  } finally {
    await client.end();
  }
});

test('the customers dataset is there with its tables', async () => {
  const project = process.env.GOOGLE_CLOUD_PROJECT;
  const response = await fetch(
    `${process.env.BIGQUERY_API_URL}/bigquery/v2/projects/${project}/datasets/customers/tables`,
  );
  const { tables } = (await response.json()) as { tables: { tableReference: { tableId: string } }[] };
  expect(tables.map(table => table.tableReference.tableId)).toContain('customer_api_keys');
});
