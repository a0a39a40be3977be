/** Erases what a customer's agent log leaves beside its tables and its dataset. Source: docs/architecture.md, Ending an organization. */
import { and, eq, sql } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import { deleteInSteps, emptyDatasets, forgetDatasets } from '@/lib/warehouse/ingest/forget-datasets';
import { ingestTables } from '@/lib/warehouse/ingest/tables';

/** The dataset of the customer's agent log, and those that it had while the settings named others. */
async function datasetsOf(store: Tx | Db, customerId: string): Promise<string[]> {
  const { tenantDatasetId } = customers;
  const rows = await store.select({ tenantDatasetId }).from(customers).where(eq(customers.customerId, customerId));
  const known = await store
    .selectDistinct({ dataset: ingestTables.dataset })
    .from(ingestTables)
    .where(and(eq(ingestTables.customerId, customerId), eq(ingestTables.log, 'agent-log')));
  return [...new Set([...rows.map(row => agentDatasetOf(row.tenantDatasetId)), ...known.map(row => row.dataset)])];
}

/** Empties what may be long in small steps: the log, rows on their way to BigQuery, ids of events. Repeatable. */
export async function emptyAgentLog(customerId: string): Promise<void> {
  await emptyDatasets('agent-log', [customerId], await datasetsOf(db(), customerId));
  await deleteInSteps('agent_log_event_ids', sql`customer_id = ${customerId}`);
  await deleteInSteps('agent_log_users', sql`customer_id = ${customerId}`);
}

/** Forgets what the ingest knows of the customer's agent log. Answers how many rows went, by table, and the datasets, which the caller drops. */
export async function eraseAgentLog(
  tx: Tx,
  customerId: string,
): Promise<{ counts: Record<string, number>; datasets: string[] }> {
  const datasets = await datasetsOf(tx, customerId);
  return { counts: await forgetDatasets(tx, datasets), datasets };
}
