/** How the tables of a source changed in time: made, columns added and widened, tables written anew. */
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { tableName } from '@/lib/domains/events/schema-reads/list-tables';
import { datasetOfSource } from '@/lib/domains/events/schema-reads/own-source';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { newestFirst, pageOf } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import { ingestSchemaChanges as changes } from '@/lib/warehouse/ingest/tables';

const listChangesInput = z.strictObject({
  table: tableName.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(400).optional(),
});

export type ChangeView = {
  change_id: string;
  table: string;
  kind: (typeof changes.$inferSelect)['kind'];
  column: string | null;
  from_type: string | null;
  to_type: string | null;
  changed_at: Date;
};
export type ChangePage = { changes: ChangeView[]; nextCursor: string | null };

const columns = {
  change_id: changes.changeId,
  table: changes.tableName,
  kind: changes.kind,
  column: changes.columnName,
  from_type: changes.fromType,
  to_type: changes.toType,
  changed_at: changes.changedAt,
};

async function list(ctx: CustomerCtx, asked: z.output<typeof listChangesInput>, sourceId: string): Promise<ChangePage> {
  const dataset = await datasetOfSource(ctx, sourceId);
  const { where, orderBy } = newestFirst({ at: changes.changedAt, id: changes.changeId }, asked.after);
  const found = await db()
    .select(columns)
    .from(changes)
    .where(and(eq(changes.dataset, dataset), asked.table ? eq(changes.tableName, asked.table) : undefined, where))
    .orderBy(...orderBy)
    .limit(asked.limit + 1);
  const { rows, nextCursor } = pageOf(found, asked.limit, change => ({ at: change.changed_at, id: change.change_id }));
  return { changes: rows, nextCursor };
}

/** Changes of the caller's source, or of one table of it, the newest first. AppError not_found, invalid_cursor. */
export const listChanges = defineOperation({
  name: 'event_source.list_changes',
  permission: 'events:read',
  input: listChangesInput,
  run: list,
});
