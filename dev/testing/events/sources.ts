/** Event sources of a test's own and what the ingest knows of their tables, written as the worker writes it. */
import type { World } from '@/dev/testing/world';
import { newWriteKey } from '@/lib/domains/events/sources/write-key';
import { eventSources, eventWriteKeys } from '@/lib/domains/events/tables';
import { db } from '@/lib/platform/db';
import { newId, randomText } from '@/lib/platform/ids';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import {
  ingestColumns,
  ingestDeadRows,
  ingestDiscardedValues,
  ingestDiscards,
  ingestSchemaChanges,
  ingestTables,
} from '@/lib/warehouse/ingest/tables';

export type TestSource = { sourceId: string; dataset: string; customerId: string; writeKey: string };

/** A source with one write key and without events, as the command leaves it but without asking BigQuery for the dataset. */
export async function insertSource(
  { customerId }: Pick<World, 'customerId'>,
  change: Partial<typeof eventSources.$inferInsert> = {},
): Promise<TestSource> {
  const [createdAt, createdBy] = [new Date(), 'test'];
  const row = {
    sourceId: newId('src'),
    customerId,
    sourceName: `Shop ${randomText(8)}`,
    dataset: `shop_${randomText(10)}`,
    createdAt,
    createdBy,
    updatedAt: createdAt,
    updatedBy: createdBy,
    ...change,
  };
  const [writeKey, { sourceId, dataset }] = [newWriteKey(), row];
  await db().insert(eventSources).values(row);
  await db().insert(eventWriteKeys).values({ writeKey, sourceId, createdAt, createdBy });
  return { sourceId, dataset, customerId, writeKey };
}

/** A table of the source with these columns, as if it had been loaded at `at`. */
export async function insertTable(
  { dataset, customerId }: TestSource,
  tableName: string,
  columns: Record<string, ColumnType>,
  at = new Date(),
): Promise<void> {
  const rows = { dataset, tableName, log: 'events', customerId, mode: 'append', rowsLoaded: 3 } as const;
  await db()
    .insert(ingestTables)
    .values({ ...rows, firstSeenAt: at, lastLoadedAt: at });
  const named = Object.entries(columns).map(([columnName, type]) => ({
    dataset,
    tableName,
    columnName,
    type,
    firstSeenAt: at,
  }));
  await db().insert(ingestColumns).values(named);
  const changed = { dataset, tableName, changedAt: at };
  await db()
    .insert(ingestSchemaChanges)
    .values([
      { ...changed, changeId: newId('chg'), kind: 'table_created' },
      ...named.map(({ columnName, type }) => ({
        ...changed,
        changeId: newId('chg'),
        kind: 'column_added' as const,
        columnName,
        toType: type,
      })),
    ]);
}

/** A discard of the source with as many kept values; answers its id. */
export async function insertDiscard(
  { dataset }: TestSource,
  values: Partial<typeof ingestDiscards.$inferInsert> = {},
  kept = 0,
): Promise<string> {
  const [discardId, at] = [newId('dis'), new Date()];
  await db()
    .insert(ingestDiscards)
    .values({
      discardId,
      dataset,
      tableName: 'order_completed',
      columnName: `column_${randomText(6).toLowerCase()}`,
      reason: 'column_burst',
      valueType: 'STRING',
      example: '"red"',
      count: Math.max(kept, 1),
      firstAt: at,
      lastAt: at,
      ...values,
    });
  for (let index = 0; index < kept; index++)
    await db()
      .insert(ingestDiscardedValues)
      .values({ discardId, rowId: `row-${index}`, receivedAt: at, value: '"red"' });
  return discardId;
}

/** A row of the source that BigQuery refused; answers its id. */
export async function insertDeadRow(
  { dataset }: TestSource,
  error: string,
  { at = new Date(), tableName = 'order_completed' } = {},
): Promise<string> {
  const deadRowId = newId('dead');
  await db()
    .insert(ingestDeadRows)
    .values({
      deadRowId,
      dataset,
      tableName,
      rowId: `message-${randomText(8)}`,
      row: '{"id":"message","received_at":"2026-01-01T00:00:00.000Z"}',
      error,
      loadId: newId('load'),
      failedAt: at,
    });
  return deadRowId;
}
