/** A query with what can be shown of its result now. */
import { fittedPage } from '@/app/(portal)/desk/queries/[id]/_parts/fitted-page';
import { resultPageRows } from '@/app/(portal)/desk/queries/[id]/_parts/result-pager';
import { type ResultColumn, resultRows } from '@/lib/domains/desk/rules';
import type { QueryView } from '@/lib/domains/desk/run/query-view';
import { readQuery, readResult } from '@/lib/domains/desk/run/read-result';
import { cardData } from '@/lib/edge/portal/page-card';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

export type ShownResult =
  | {
      state: 'rows';
      columns: readonly ResultColumn[];
      rows: readonly Record<string, unknown>[];
      offset: number;
      more: boolean;
      /** Columns that only the file has. */
      hiddenColumns: number;
    }
  /** BigQuery keeps a result for a day. */
  | { state: 'expired' }
  /** It runs, failed, or was lost: the query's own status says which. */
  | { state: 'none' }
  | { state: 'unavailable'; reason: string };

/** Null where there is no such query of this person's. */
export async function readQueryPage(
  ctx: CustomerCtx,
  queryId: string,
  offsetText: string | undefined,
): Promise<{ query: QueryView; result: ShownResult } | null> {
  const query = await orNull('not_found', readQuery(ctx, {}, queryId));
  if (!query) return null;
  if (query.status !== 'COMPLETED') return { query, result: { state: 'none' } };
  return { query, result: await readRows(ctx, queryId, offsetText) };
}

async function readRows(ctx: CustomerCtx, queryId: string, offsetText = '0'): Promise<ShownResult> {
  const offset = /^\d{1,6}$/.test(offsetText) ? Math.min(Number(offsetText), resultRows) : 0;
  const asked = orNull('result_expired', readResult(ctx, { offset, limit: resultPageRows }, queryId));
  const read = await cardData(ctx.requestId, asked);
  if (!read.ok) return { state: 'unavailable', reason: read.reason };
  if (!read.data) return { state: 'expired' };
  const { columns, rows } = fittedPage(read.data);
  return {
    state: 'rows',
    columns,
    rows,
    offset: read.data.offset,
    more: read.data.more || rows.length < read.data.rows.length,
    hiddenColumns: read.data.columns.length - columns.length,
  };
}

async function orNull<Answer>(code: AppError['code'], asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError && error.code === code) return null;
    throw error;
  }
}
