/** Erases what a customer's event sources leave beside their datasets. Source: docs/architecture.md, Ending an organization. */
import { eq, inArray, sql } from 'drizzle-orm';
import { eventDays, eventReceipts, eventSources, eventWriteKeys } from '@/lib/domains/events/tables';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { deleteInSteps, emptyDatasets, forgetDatasets } from '@/lib/warehouse/ingest/forget-datasets';

type Sources = { sourceIds: string[]; datasets: string[] };

async function sourcesOf(store: Tx | Db, customerId: string): Promise<Sources> {
  const rows = await store
    .select({ sourceId: eventSources.sourceId, dataset: eventSources.dataset })
    .from(eventSources)
    .where(eq(eventSources.customerId, customerId));
  return { sourceIds: rows.map(row => row.sourceId), datasets: rows.map(row => row.dataset) };
}

/** Empties what may be long in small steps: receipts, the log, and rows on their way to BigQuery. Repeatable. */
export async function emptyEvents(customerId: string): Promise<void> {
  const { sourceIds, datasets } = await sourcesOf(db(), customerId);
  if (sourceIds.length === 0) return;
  await deleteInSteps('event_receipts', sql`source_id = ANY (${sql.param(sourceIds)}::text[])`);
  await emptyDatasets('events', sourceIds, datasets);
}

/**
 * Deletes what hangs on the customer's sources, which the caller deletes afterwards as every table with a customer_id. Answers
 * the datasets to drop, and how many rows went, by table.
 */
export async function eraseEvents(
  tx: Tx,
  customerId: string,
): Promise<{ datasets: string[]; counts: Record<string, number> }> {
  const { sourceIds, datasets } = await sourcesOf(tx, customerId);
  if (sourceIds.length === 0) return { datasets, counts: {} };
  const counts = await forgetDatasets(tx, datasets);
  const note = (table: string, gone: { rowCount: number | null }) => {
    if (gone.rowCount) counts[table] = gone.rowCount;
  };
  note('event_receipts', await tx.delete(eventReceipts).where(inArray(eventReceipts.sourceId, sourceIds)));
  note('event_days', await tx.delete(eventDays).where(inArray(eventDays.sourceId, sourceIds)));
  note('event_write_keys', await tx.delete(eventWriteKeys).where(inArray(eventWriteKeys.sourceId, sourceIds)));
  return { datasets, counts };
}
