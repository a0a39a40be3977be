/** One table of a source: its columns with their types, and since when each is there. */
import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { type TableView, tableName, tableView } from '@/lib/domains/events/schema-reads/list-tables';
import { datasetOfSource } from '@/lib/domains/events/schema-reads/own-source';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';
import { ingestColumns, ingestTables } from '@/lib/warehouse/ingest/tables';

const readTableInput = z.strictObject({ table: tableName });

export type ColumnView = { name: string; type: string; first_seen_at: Date };
export type TableDetail = Omit<TableView, 'columns'> & { dataset: string; max_columns: number; columns: ColumnView[] };

async function read(ctx: CustomerCtx, asked: { table: string }, sourceId: string): Promise<TableDetail> {
  const dataset = await datasetOfSource(ctx, sourceId);
  const [table] = await db()
    .select()
    .from(ingestTables)
    .where(and(eq(ingestTables.dataset, dataset), eq(ingestTables.tableName, asked.table)));
  if (!table) throw new AppError('not_found', 'The source has no such table.');
  const columns = await db()
    .select({ name: ingestColumns.columnName, type: ingestColumns.type, first_seen_at: ingestColumns.firstSeenAt })
    .from(ingestColumns)
    .where(and(eq(ingestColumns.dataset, dataset), eq(ingestColumns.tableName, asked.table)))
    .orderBy(asc(ingestColumns.columnName));
  return { ...tableView(table, columns.length), dataset, max_columns: env().LOAD_MAX_COLUMNS, columns };
}

/** The table and all its columns by name. AppError not_found. */
export const readTable = defineOperation({
  name: 'event_source.read_table',
  permission: 'events:read',
  input: readTableInput,
  run: read,
});
