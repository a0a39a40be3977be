/** Every environment has the same tables, whenever it was made. Source: docs/spec/requirements.md, M-35. */
import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { bigqueryRequest, createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { applyDefinitions, applySchemas } from '@/lib/warehouse/schemas/apply';
import { loadDefinitions, type SchemaFolder } from '@/lib/warehouse/schemas/definition';
import { getTable, selectRows } from '@/lib/warehouse/schemas/rest';

const location = 'US';
const client = createBigQuery({
  projectId: process.env.GOOGLE_CLOUD_PROJECT ?? 'tenantry-local',
  apiUrl: process.env.BIGQUERY_API_URL,
});
const used: string[] = [];
const newDataset = () => {
  const dataset = `environment_${randomBytes(5).toString('hex')}`;
  used.push(dataset);
  return dataset;
};

afterAll(async () => {
  const remove = (dataset: string) =>
    bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
  await Promise.all(used.map(remove));
});

/** What INFORMATION_SCHEMA says of a dataset, and the settings of its tables that it leaves out. */
async function described(dataset: string, folder: SchemaFolder) {
  const columns = `SELECT table_name, column_name, ordinal_position, is_nullable, data_type, is_partitioning_column, clustering_ordinal_position
    FROM ${dataset}.INFORMATION_SCHEMA.COLUMNS ORDER BY table_name, ordinal_position`;
  const tables = `SELECT table_name, table_type FROM ${dataset}.INFORMATION_SCHEMA.TABLES ORDER BY table_name`;
  const settings = loadDefinitions(folder).map(async ({ table }) => {
    const live = await getTable(client, dataset, table);
    const { labels, description, timePartitioning, clustering } = live ?? {};
    const texts = live?.schema?.fields?.map(field => [field.name, field.description]);
    return { labels, description, timePartitioning, clustering, texts };
  });
  return {
    columns: await selectRows(client, columns, location),
    tables: await selectRows(client, tables, location),
    settings: await Promise.all(settings),
  };
}

test.each<SchemaFolder>(['customers', 'metadata'])(
  'two environments have identical INFORMATION_SCHEMA (%s), the older of them evolved from an earlier version',
  async folder => {
    const [made, evolved] = [newDataset(), newDataset()];
    await applySchemas(client, { dataset: made, folder, location });
    const definitions = loadDefinitions(folder).map(definition => {
      const last = definition.fields.at(-1);
      const isOptional = last?.mode === 'NULLABLE' && !definition.clustering?.includes(last.name);
      return {
        ...definition,
        description: 'What it said in the earlier version.',
        fields: isOptional ? definition.fields.slice(0, -1) : definition.fields,
      };
    });
    await applyDefinitions(client, { dataset: evolved, location, definitions, description: 'Made by a test.' });
    expect(await described(evolved, folder)).not.toEqual(await described(made, folder));
    await applySchemas(client, { dataset: evolved, folder, location });
    const description = await described(made, folder);
    expect(description.tables.length).toBe(definitions.length);
    expect(description.columns.length).toBe(loadDefinitions(folder).flatMap(({ fields }) => fields).length);
    expect(await described(evolved, folder)).toEqual(description);
  },
  90_000,
);
