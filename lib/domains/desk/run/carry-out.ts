/** Sends a reserved query as its job and settles it; says what is wrong where it ends without a result. */
import { deskBigQuery } from '@/lib/domains/desk/catalog/desk-bigquery';
import { deskError } from '@/lib/domains/desk/run/dry-run';
import { endQuery, jobOf } from '@/lib/domains/desk/run/end-query';
import { ofQuery } from '@/lib/domains/desk/run/errors';
import type { OpenBigQuery } from '@/lib/domains/desk/run/follow-query';
import type { DeskQuery } from '@/lib/domains/desk/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { runQueryJob } from '@/lib/platform/bigquery/query-job';
import { AppError } from '@/lib/platform/errors';

type Way = {
  /** The session of the agent log that a key's query belongs to. */
  session?: string | undefined;
  /** Gives the client that the job is sent by. */
  open?: OpenBigQuery;
};

/**
 * Sends the job and settles the query. Where its fate is unknown it stays RUNNING until its job can be asked, and AppError
 * warehouse_unavailable is thrown.
 */
export async function carryOut(
  ctx: CustomerCtx,
  query: DeskQuery,
  { session, open = deskBigQuery }: Way = {},
): Promise<DeskQuery> {
  try {
    const client = await open(ctx);
    const ended = await runQueryJob(jobOf(ctx, query), client);
    return await endQuery(query, ended, { client, endedAt: ctx.clock(), session });
  } catch (error) {
    const failure = deskError(ctx, error);
    if (!(failure instanceof AppError)) throw failure;
    throw ofQuery(failure, query.queryId);
  }
}

const isOverCap = (words: string | null): boolean => /exceeded limit for bytes billed/i.test(words ?? '');

/** What is wrong with a query that ended without a result: query_over_cap, query_failed. */
export function endedWithout({ queryId, errorMessage, bytesBilled, capBytes, status }: DeskQuery): AppError {
  const details = { query_id: queryId, bytes_billed: bytesBilled };
  if (isOverCap(errorMessage)) {
    const most = capBytes.toLocaleString('en-US');
    const message = `The query would have billed more than ${most} bytes and was stopped before anything was billed.`;
    return new AppError('query_over_cap', message, { details: { ...details, cap_bytes: capBytes } });
  }
  const lost = 'Nobody knows what became of this query. Run it again.';
  return new AppError('query_failed', status === 'LOST' ? lost : (errorMessage ?? 'The query failed.'), { details });
}
