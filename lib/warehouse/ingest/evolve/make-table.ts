/** Makes a table with its first columns, and the dataset where there is none. Source: docs/spec/004-event-collection.md, Key Features. */
import type { BigQuery } from '@google-cloud/bigquery';
import { and, eq } from 'drizzle-orm';
import { bigqueryRequest, toLabels } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { tableUri } from '@/lib/warehouse/ingest/evolve/live-schema';
import type { AddedColumn } from '@/lib/warehouse/ingest/evolve/plan-columns';
import type { LogName } from '@/lib/warehouse/ingest/log/log';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import type { TableSpec } from '@/lib/warehouse/ingest/table-spec';
import { ingestTables } from '@/lib/warehouse/ingest/tables';
import { type LiveTable, refusedFor, withinRate } from '@/lib/warehouse/schemas/rest';

async function labelsOf(log: LogName, target: Target): Promise<Record<string, string>> {
  const [table] = await db()
    .select({ customerId: ingestTables.customerId })
    .from(ingestTables)
    .where(and(eq(ingestTables.dataset, target.dataset), eq(ingestTables.tableName, target.tableName)));
  return toLabels({ log, ...(table ? { customer: table.customerId } : {}) });
}

function tableResource(projectId: string, target: Target, spec: TableSpec, columns: readonly AddedColumn[]) {
  const descriptions = new Map(spec.columns.map(({ name, description }) => [name, description]));
  return {
    tableReference: { projectId, datasetId: target.dataset, tableId: target.tableName },
    description: spec.description,
    timePartitioning: { type: 'DAY', field: 'received_at' },
    clustering: { fields: spec.clustering },
    schema: {
      fields: columns.map(({ name, type }) => ({
        name,
        type,
        mode: 'NULLABLE',
        ...(descriptions.has(name) ? { description: descriptions.get(name) } : {}),
      })),
    },
  };
}

/** A dataset that is there stays as it is. */
async function makeDataset(client: BigQuery, dataset: string, labels: Record<string, string>): Promise<void> {
  const json = {
    datasetReference: { projectId: await client.getProjectId(), datasetId: dataset },
    location: env().BIGQUERY_LOCATION,
    description: `What one source of ${labels.log} sent: a table a kind, made by Tenantry as rows come.`,
    labels,
  };
  try {
    await withinRate(() => bigqueryRequest(client, { method: 'POST', uri: '/datasets', json }));
  } catch (error) {
    if (!refusedFor(error, 'duplicate', '409')) throw error;
  }
}

/**
 * Makes the table with these columns, by REST so that a local BigQuery keeps its partitions too; answers it as BigQuery has it.
 * One that somebody made meanwhile is answered as it is.
 */
export async function makeTable(
  client: BigQuery,
  log: LogName,
  target: Target,
  spec: TableSpec,
  columns: readonly AddedColumn[],
): Promise<LiveTable> {
  const labels = await labelsOf(log, target);
  await makeDataset(client, target.dataset, labels);
  const json = { ...tableResource(await client.getProjectId(), target, spec, columns), labels };
  const uri = `/datasets/${target.dataset}/tables`;
  try {
    return await withinRate(() => bigqueryRequest<LiveTable>(client, { method: 'POST', uri, json }));
  } catch (error) {
    if (!refusedFor(error, 'duplicate', '409')) throw error;
    return bigqueryRequest<LiveTable>(client, { method: 'GET', uri: tableUri(target) });
  }
}
