/** Values of a source that no column took, one row a column, reason and type. */
import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { DiscardReason } from '@/lib/domains/events/discards/reasons';
import { datasetOfSource } from '@/lib/domains/events/schema-reads/own-source';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { newestFirst, pageOf } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import { ingestDiscards as discards } from '@/lib/warehouse/ingest/tables';

const listDiscardsInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(400).optional(),
});

export type DiscardView = {
  discard_id: string;
  table: string;
  column: string;
  reason: DiscardReason;
  /** Type of the values, and of the column that did not take them. */
  value_type: string;
  column_type: string | null;
  example: string;
  count: number;
  first_at: Date;
  last_at: Date;
  allowed_at: Date | null;
  allowed_by: string | null;
  /** Values that are kept and were not replayed yet. */
  replayable: number;
};
export type DiscardPage = { discards: DiscardView[]; nextCursor: string | null };

const columns = {
  discard_id: discards.discardId,
  table: discards.tableName,
  column: discards.columnName,
  reason: discards.reason,
  value_type: discards.valueType,
  column_type: discards.columnType,
  example: discards.example,
  count: discards.count,
  first_at: discards.firstAt,
  last_at: discards.lastAt,
  allowed_at: discards.allowedAt,
  allowed_by: discards.allowedBy,
  // Names in full: in a statement of one table drizzle leaves the table's out, and both tables have discard_id.
  replayable: sql<number>`(SELECT count(*)::int FROM ingest_discarded_values kept
    WHERE kept.discard_id = ingest_discards.discard_id AND kept.replayed_at IS NULL)`,
};

async function list(ctx: CustomerCtx, asked: z.output<typeof listDiscardsInput>, source: string): Promise<DiscardPage> {
  const dataset = await datasetOfSource(ctx, source);
  const { where, orderBy } = newestFirst({ at: discards.lastAt, id: discards.discardId }, asked.after);
  const found = await db()
    .select(columns)
    .from(discards)
    .where(and(eq(discards.dataset, dataset), where))
    .orderBy(...orderBy)
    .limit(asked.limit + 1);
  const { rows, nextCursor } = pageOf(found, asked.limit, discard => ({ at: discard.last_at, id: discard.discard_id }));
  return { discards: rows, nextCursor };
}

/** Discards of the caller's source, those that happened last first. AppError not_found, invalid_cursor. */
export const listDiscards = defineOperation({
  name: 'discard.list',
  permission: 'events:read',
  input: listDiscardsInput,
  run: list,
});
