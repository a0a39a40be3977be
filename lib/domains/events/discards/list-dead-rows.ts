/** Rows of a source that BigQuery refused even alone, with its own words. */
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { datasetOfSource } from '@/lib/domains/events/schema-reads/own-source';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { newestFirst, pageOf } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import { ingestDeadRows as deadRows } from '@/lib/warehouse/ingest/tables';

const listDeadRowsInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(400).optional(),
});

export type DeadRowView = {
  dead_row_id: string;
  table: string;
  /** Id of its event. */
  message_id: string;
  /** JSON of the row as it was sent. */
  row: string;
  /** BigQuery's words. */
  error: string;
  failed_at: Date;
  replayed_at: Date | null;
};
export type DeadRowPage = { rows: DeadRowView[]; nextCursor: string | null };

const columns = {
  dead_row_id: deadRows.deadRowId,
  table: deadRows.tableName,
  message_id: deadRows.rowId,
  row: deadRows.row,
  error: deadRows.error,
  failed_at: deadRows.failedAt,
  replayed_at: deadRows.replayedAt,
};

async function list(ctx: CustomerCtx, asked: z.output<typeof listDeadRowsInput>, source: string): Promise<DeadRowPage> {
  const dataset = await datasetOfSource(ctx, source);
  const { where, orderBy } = newestFirst({ at: deadRows.failedAt, id: deadRows.deadRowId }, asked.after);
  const found = await db()
    .select(columns)
    .from(deadRows)
    .where(and(eq(deadRows.dataset, dataset), where))
    .orderBy(...orderBy)
    .limit(asked.limit + 1);
  return pageOf(found, asked.limit, row => ({ at: row.failed_at, id: row.dead_row_id }));
}

/** Refused rows of the caller's source, the newest first. AppError not_found, invalid_cursor. */
export const listDeadRows = defineOperation({
  name: 'dead_row.list',
  permission: 'events:read',
  input: listDeadRowsInput,
  run: list,
});
