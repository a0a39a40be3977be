/** Deletes a table with all its rows and makes it anew from its definition (document 002, Schema Evolution). */
import type { BigQuery } from '@google-cloud/bigquery';
import { bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import type { TableDefinition } from '@/lib/warehouse/schemas/definition';
import type { PolicyTags } from '@/lib/warehouse/schemas/plan';
import { newTable } from '@/lib/warehouse/schemas/resource';
import { getTable, isLocal, type LiveTable } from '@/lib/warehouse/schemas/rest';

/** Rows that recreating would delete; null where there is no table. From metadata, so the service bills nothing. */
export async function countRows(client: BigQuery, dataset: string, table: string): Promise<number | null> {
  const live = await getTable(client, dataset, table);
  if (!live) return null;
  if (!isLocal(client)) return Number(live.numRows ?? 0);
  const json = { query: `SELECT COUNT(*) AS rows_held FROM \`${dataset}\`.\`${table}\``, useLegacySql: false };
  const answer = await bigqueryRequest<{ rows?: { f: { v: string }[] }[] }>(client, {
    method: 'POST',
    uri: '/queries',
    json,
  });
  return Number(answer.rows?.[0]?.f[0]?.v ?? 0);
}

/** The tags the old table's columns carry, so that the new one is not open to more people. */
function tagsOf(live: LiveTable | null, definition: TableDefinition): PolicyTags {
  const columns = new Map((live?.schema?.fields ?? []).map(field => [field.name, field.policyTags?.names?.[0]]));
  return Object.fromEntries(
    definition.fields
      .filter(field => field.policyTag && columns.get(field.name))
      .map(field => [field.policyTag, columns.get(field.name)]),
  );
}

/** Deletes the table if it exists and creates it from its definition. All rows are lost: ask first. */
export async function recreateTable(client: BigQuery, dataset: string, definition: TableDefinition): Promise<void> {
  const tables = `/datasets/${dataset}/tables`;
  const live = await getTable(client, dataset, definition.table);
  if (live) await bigqueryRequest(client, { method: 'DELETE', uri: `${tables}/${definition.table}` });
  const json = newTable(await client.getProjectId(), dataset, definition, tagsOf(live, definition));
  await bigqueryRequest(client, { method: 'POST', uri: tables, json });
}
