/** Makes sure that a customer's dataset has the tables of traces, also where the customer never ran anything. */
import type { BigQuery } from '@google-cloud/bigquery';
import { LRUCache } from 'lru-cache';
import { tenantDatasetOf } from '@/lib/domains/customers/datasets';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { TableBlocked } from '@/lib/warehouse/ingest/evolve/prepared';
import { ensureTenantDataset } from '@/lib/warehouse/schemas/apply';

/** Datasets that were seen whole a while ago; a look asks BigQuery for each of their tables. */
const seen = new LRUCache<string, true>({ max: 10_000, ttl: 600_000 });

/** Looks at the dataset anew before the next load: BigQuery says that something of it is missing. */
export const forgetTenantTables = (dataset: string): unknown => seen.delete(dataset);

/**
 * Makes what is missing. Throws TableBlocked where the dataset is not the customer's own, as after its organization was erased,
 * BigQueryStatementError, BigQueryUnavailableError.
 */
export async function ensureTraceTables(bigquery: BigQuery, customerId: string, dataset: string): Promise<void> {
  if ((await tenantDatasetOf(customerId)) !== dataset)
    throw new TableBlocked(`the dataset ${dataset} is not of the customer ${customerId}`);
  if (seen.has(dataset)) return;
  for (const change of await ensureTenantDataset(bigquery, dataset, env().BIGQUERY_LOCATION)) {
    if (change.kind === 'refuse') log().error({ ...change, dataset }, 'a table is not of the shape of this version');
  }
  seen.set(dataset, true);
}
