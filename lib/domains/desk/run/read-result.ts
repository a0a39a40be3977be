/** The result of one's own query, by pages and as a file, for as long as BigQuery keeps it; reading it costs nothing. */
import { z } from 'zod';
import { deskBigQuery } from '@/lib/domains/desk/catalog/desk-bigquery';
import { resultInput } from '@/lib/domains/desk/input';
import { type ResultColumn, resultHours } from '@/lib/domains/desk/rules';
import { deskError } from '@/lib/domains/desk/run/dry-run';
import { followQuery } from '@/lib/domains/desk/run/follow-query';
import { columnsOf, cutRow, type JsonRow, jsonRows } from '@/lib/domains/desk/run/json-values';
import { findOwn, type QueryView, queryView, resultUntilOf } from '@/lib/domains/desk/run/query-view';
import type { DeskQuery } from '@/lib/domains/desk/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { resultPage } from '@/lib/platform/bigquery/query-job';
import { AppError } from '@/lib/platform/errors';
import { refusedFor } from '@/lib/warehouse/schemas/rest';

export type ResultPart = { columns: ResultColumn[]; rows: JsonRow[]; more: boolean };
export type Result = ResultPart & { query: QueryView; offset: number };

const expired = (): AppError =>
  new AppError('result_expired', `A result is kept for ${resultHours} hours. Run the query again.`);

/** A page of a completed query's result, cells whole. AppError result_expired, warehouse_unavailable. */
export async function wholePage(
  ctx: CustomerCtx,
  query: DeskQuery,
  { offset, limit }: { offset: number; limit: number },
): Promise<ResultPart> {
  const until = resultUntilOf(query);
  if (until !== null && until <= ctx.clock()) throw expired();
  const last = query.rowCount ?? 0;
  const wanted = Math.max(0, Math.min(limit, last - offset));
  try {
    const asked = { offset: Math.min(offset, last), limit: wanted };
    const { fields, rows } = await resultPage(query.jobId, asked, await deskBigQuery(ctx));
    const taken = rows.slice(0, wanted);
    return { columns: columnsOf(fields), rows: jsonRows(fields, taken), more: offset + taken.length < last };
  } catch (error) {
    throw refusedFor(error, 'notFound', '404') ? expired() : deskError(ctx, error);
  }
}

/** The same as a page shows it: long cells are cut and say so. */
export async function pageOfResult(
  ctx: CustomerCtx,
  query: DeskQuery,
  page: { offset: number; limit: number },
): Promise<ResultPart> {
  const part = await wholePage(ctx, query, page);
  return { ...part, rows: part.rows.map(cutRow) };
}

/** One of the caller's queries. AppError not_found for a colleague's or foreign one. */
export const readQuery = defineOperation({
  name: 'desk.read_query',
  permission: 'desk:query',
  input: z.strictObject({}),
  run: async (ctx, _asked, queryId: string): Promise<QueryView> =>
    queryView(await followQuery(ctx, await findOwn(ctx, queryId))),
});

/**
 * A page of the result of one of the caller's queries; no rows where it runs, or ended without a result.
 * AppError not_found, result_expired, warehouse_unavailable.
 */
export const readResult = defineOperation({
  name: 'desk.read_result',
  permission: 'desk:query',
  input: resultInput,
  run: async (ctx, { offset, limit }, queryId: string): Promise<Result> => {
    const query = await followQuery(ctx, await findOwn(ctx, queryId));
    const part: ResultPart =
      query.status === 'COMPLETED'
        ? await pageOfResult(ctx, query, { offset, limit })
        : { columns: [], rows: [], more: false };
    return { query: queryView(query), offset, ...part };
  },
});
