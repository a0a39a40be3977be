/** Erases what a customer's traces leave beside its tables and its dataset. Source: docs/architecture.md, Ending an organization. */
import { rm } from 'node:fs/promises';
import { eq, sql } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { datasetFolder } from '@/lib/domains/traces/parquet/partition';
import { db, type Tx } from '@/lib/platform/db';
import { deleteInSteps, emptyDatasets, forgetDatasets } from '@/lib/warehouse/ingest/forget-datasets';

async function datasetsOf(store: Tx | ReturnType<typeof db>, customerId: string): Promise<string[]> {
  const { tenantDatasetId } = customers;
  const rows = await store.select({ tenantDatasetId }).from(customers).where(eq(customers.customerId, customerId));
  return rows.map(row => row.tenantDatasetId);
}

/** Empties what may be long in small steps: the log, rows on their way to BigQuery, refused lines. Repeatable. */
export async function emptyTraces(customerId: string): Promise<void> {
  await emptyDatasets('traces', [customerId], await datasetsOf(db(), customerId));
  await deleteInSteps('trace_dead_letters', sql`customer_id = ${customerId}`);
  await deleteInSteps('trace_owners', sql`customer_id = ${customerId}`);
}

/** Forgets what the ingest knows of the customer's own dataset, which the caller drops. Answers how many rows went, by table. */
export const eraseTraces = async (tx: Tx, customerId: string): Promise<Record<string, number>> =>
  forgetDatasets(tx, await datasetsOf(tx, customerId));

/** Removes the Parquet files of a dataset that is dropped, where this process has their volume. Repeatable. */
export const removeTraceFiles = (dataset: string): Promise<void> =>
  rm(datasetFolder(dataset), { recursive: true, force: true });
