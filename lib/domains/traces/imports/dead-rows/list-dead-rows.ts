/** Requests that were taken and then refused by BigQuery even alone, with its own words. */
import { and, count, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { newestFirst, pageOf } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import { ingestDeadRows as deadRows } from '@/lib/warehouse/ingest/tables';

export const listTraceDeadRowsInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(400).optional(),
});

export type TraceDeadRow = {
  dead_row_id: string;
  /** Of the request; null where the row says none. */
  trace_hash: string | null;
  session_id: string | null;
  model: string | null;
  /** JSON of the row as it was sent, without secrets. */
  row: string;
  /** BigQuery's words. */
  error: string;
  failed_at: Date;
};
export type TraceDeadRowPage = { rows: TraceDeadRow[]; total: number; nextCursor: string | null };

const names = z.object({
  trace_hash: z.string().nullable().catch(null),
  session_id: z.string().nullable().catch(null),
  model: z.string().nullable().catch(null),
});

/** What tells the request; a row that was set aside is JSON of ours, and one that is not has no names. */
function namesOf(row: string): z.output<typeof names> {
  try {
    return names.parse(JSON.parse(row));
  } catch {
    return { trace_hash: null, session_id: null, model: null };
  }
}

/** Refused rows of the caller that nobody put back in line, the newest first, with their number. AppError forbidden, invalid_cursor. */
export const listTraceDeadRows = defineOperation({
  name: 'trace_dead_row.list',
  permission: 'traces:read',
  input: listTraceDeadRowsInput,
  run: async ({ tenantDatasetId }: CustomerCtx, asked): Promise<TraceDeadRowPage> => {
    const { where, orderBy } = newestFirst({ at: deadRows.failedAt, id: deadRows.deadRowId }, asked.after);
    const waiting = and(eq(deadRows.dataset, tenantDatasetId), isNull(deadRows.replayedAt));
    const [found, [{ total = 0 } = {}]] = await Promise.all([
      db()
        .select()
        .from(deadRows)
        .where(and(waiting, where))
        .orderBy(...orderBy)
        .limit(asked.limit + 1),
      db().select({ total: count() }).from(deadRows).where(waiting),
    ]);
    const { rows, nextCursor } = pageOf(found, asked.limit, row => ({ at: row.failedAt, id: row.deadRowId }));
    const views = rows.map(({ deadRowId, row, error, failedAt }) => ({
      dead_row_id: deadRowId,
      ...namesOf(row),
      row: maskSecrets(row),
      error: maskSecrets(error),
      failed_at: failedAt,
    }));
    return { rows: views, total, nextCursor };
  },
});
