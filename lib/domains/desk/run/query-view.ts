/** A query as its asker sees it, and the look for it that finds nobody else's. */
import { and, eq } from 'drizzle-orm';
import { queryId as queryIdInput } from '@/lib/domains/desk/input';
import { type Door, type QueryStatus, resultHours } from '@/lib/domains/desk/rules';
import { askerOf } from '@/lib/domains/desk/run/asker';
import { noSuchQuery } from '@/lib/domains/desk/run/errors';
import { type DeskQuery, deskQueries } from '@/lib/domains/desk/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

export type QueryView = {
  queryId: string;
  /** As it was written. */
  sql: string;
  /** As it ran. */
  executedSql: string;
  tables: string[];
  status: QueryStatus;
  askedVia: Door;
  estimatedBytes: number;
  capBytes: number;
  /** Null until it has ended, and where nobody could say. */
  bytesBilled: number | null;
  /** Rows that can be read. */
  rowCount: number | null;
  /** Rows of the whole result. */
  totalRows: number | null;
  errorMessage: string | null;
  startedAt: Date;
  endedAt: Date | null;
  /** Until when its result can be read; null where it has none. */
  resultUntil: Date | null;
};

const resultMs = resultHours * 3_600_000;

/** Until when BigQuery keeps the result; null where there is none. */
export const resultUntilOf = ({ status, startedAt }: DeskQuery): Date | null =>
  status === 'COMPLETED' ? new Date(startedAt.getTime() + resultMs) : null;

export const queryView = (row: DeskQuery): QueryView => ({
  queryId: row.queryId,
  sql: row.sql,
  executedSql: row.executedSql,
  tables: row.tables,
  status: row.status,
  askedVia: row.askedVia,
  estimatedBytes: row.estimatedBytes,
  capBytes: row.capBytes,
  bytesBilled: row.bytesBilled,
  rowCount: row.rowCount,
  totalRows: row.totalRows,
  errorMessage: row.errorMessage,
  startedAt: row.startedAt,
  endedAt: row.endedAt,
  resultUntil: resultUntilOf(row),
});

/** Queries of the caller itself: a member's or key's, and no colleague's. */
export const ownQueries = ({ customerId, actor }: CustomerCtx) =>
  and(eq(deskQueries.customerId, customerId), eq(deskQueries.askedBy, askerOf(actor)));

/** The caller's own query. AppError not_found, also for the id of a colleague's, a foreign and a malformed one. */
export async function findOwn(ctx: CustomerCtx, queryId: string): Promise<DeskQuery> {
  const isId = queryIdInput.safeParse(queryId).success;
  const [row] = isId
    ? await db()
        .select()
        .from(deskQueries)
        .where(and(ownQueries(ctx), eq(deskQueries.queryId, queryId)))
    : [];
  if (!row) throw noSuchQuery();
  return row;
}
