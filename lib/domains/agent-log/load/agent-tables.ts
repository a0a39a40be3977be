/** Makes sure that a customer's agent log has its dataset, tables and view. Source: docs/spec/000-agent-log.md, Dataset Layout. */
import type { BigQuery } from '@google-cloud/bigquery';
import { LRUCache } from 'lru-cache';
import { ensureToolView } from '@/lib/domains/agent-log/load/tool-view';
import { tenantDatasetOf } from '@/lib/domains/customers/datasets';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import { TableBlocked } from '@/lib/warehouse/ingest/evolve/prepared';
import { applySchemas } from '@/lib/warehouse/schemas/apply';

/** Datasets that were seen whole a while ago; a look asks BigQuery for each of their tables. */
const seen = new LRUCache<string, true>({ max: 10_000, ttl: 600_000 });

/** Looks at the dataset anew before the next load: BigQuery says that something of it is missing. */
export const forgetAgentTables = (dataset: string): unknown => seen.delete(dataset);

/**
 * Makes what is missing, by the client of the project that holds agent logs. Throws TableBlocked where the dataset is not that
 * of the customer's agent log, as after its organization was erased, BigQueryStatementError, BigQueryUnavailableError.
 */
export async function ensureAgentTables(bigquery: BigQuery, customerId: string, dataset: string): Promise<void> {
  const tenantDataset = await tenantDatasetOf(customerId);
  if (tenantDataset === null || agentDatasetOf(tenantDataset) !== dataset)
    throw new TableBlocked(`the dataset ${dataset} is not the agent log of the customer ${customerId}`);
  if (seen.has(dataset)) return;
  const location = env().BIGQUERY_LOCATION;
  for (const change of await applySchemas(bigquery, { dataset, folder: 'agent', location, additiveOnly: true })) {
    if (change.kind === 'refuse') log().error({ ...change, dataset }, 'a table is not of the shape of this version');
  }
  await ensureToolView(bigquery, tenantDataset, { makes: true });
  seen.set(dataset, true);
}
