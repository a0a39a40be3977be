/** The tables of a source's dataset as we know them: columns, rows, when they were last loaded. Source: docs/spec/004-event-collection.md, Table Structure. */
import { and, asc, count, eq, getTableColumns, gt, ilike } from 'drizzle-orm';
import { z } from 'zod';
import { datasetOfSource } from '@/lib/domains/events/schema-reads/own-source';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { ingestColumns, ingestTables } from '@/lib/warehouse/ingest/tables';

/** Names of BigQuery's tables and columns as events make them. */
export const tableName = z
  .string()
  .regex(/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} ]{1,1024}$/u, 'This is not the name of a table.');

const listTablesInput = z.strictObject({
  /** Part of the name. */
  q: z.string().trim().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().max(3_000).optional(),
});
type Asked = z.output<typeof listTablesInput>;

export type TableView = {
  name: string;
  /** `append` adds rows; `latest` keeps one row an id. */
  mode: 'append' | 'latest';
  columns: number;
  rows_loaded: number;
  first_seen_at: Date;
  last_loaded_at: Date | null;
  /** Why it cannot be written now, in BigQuery's words. */
  blocked_reason: string | null;
};
export type TablePage = {
  dataset: string;
  /** Columns that a table of ours may have. */
  max_columns: number;
  tables: TableView[];
  nextCursor: string | null;
};

const position = z.strictObject({ name: tableName });

type Stored = Omit<typeof ingestTables.$inferSelect, 'attempts'>;

/** One table as callers see it; `columns` is how many it has. */
export const tableView = (table: Stored, columns: number): TableView => ({
  name: table.tableName,
  mode: table.mode === 'latest' ? 'latest' : 'append',
  columns,
  rows_loaded: table.rowsLoaded,
  first_seen_at: table.firstSeenAt,
  last_loaded_at: table.lastLoadedAt,
  blocked_reason: table.blockedReason,
});

const pattern = (q: string): string => `%${q.replace(/[\\%_]/g, '\\$&')}%`;

async function list(ctx: CustomerCtx, asked: Asked, sourceId: string): Promise<TablePage> {
  const dataset = await datasetOfSource(ctx, sourceId);
  const after = asked.after === undefined ? null : decodeCursor(position, asked.after);
  const found = await db()
    .select({ table: getTableColumns(ingestTables), columns: count(ingestColumns.columnName) })
    .from(ingestTables)
    .leftJoin(
      ingestColumns,
      and(eq(ingestColumns.dataset, ingestTables.dataset), eq(ingestColumns.tableName, ingestTables.tableName)),
    )
    .where(
      and(
        eq(ingestTables.dataset, dataset),
        asked.q ? ilike(ingestTables.tableName, pattern(asked.q)) : undefined,
        after ? gt(ingestTables.tableName, after.name) : undefined,
      ),
    )
    .groupBy(ingestTables.dataset, ingestTables.tableName)
    .orderBy(asc(ingestTables.tableName))
    .limit(asked.limit + 1);
  const tables = found.slice(0, asked.limit).map(({ table, columns }) => tableView(table, columns));
  const last = found.length > asked.limit ? tables.at(-1) : undefined;
  return {
    dataset,
    max_columns: env().LOAD_MAX_COLUMNS,
    tables,
    nextCursor: last ? encodeCursor({ name: last.name }) : null,
  };
}

/** Tables of the caller's source by name. AppError not_found, invalid_cursor. */
export const listTables = defineOperation({
  name: 'event_source.list_tables',
  permission: 'events:read',
  input: listTablesInput,
  run: list,
});
