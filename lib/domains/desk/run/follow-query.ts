/** What became of a query that nobody waits for any more, as its job in BigQuery says. */
import type { BigQuery } from '@google-cloud/bigquery';
import { deskBigQuery } from '@/lib/domains/desk/catalog/desk-bigquery';
import { endQuery, endUnsent } from '@/lib/domains/desk/run/end-query';
import type { DeskQuery } from '@/lib/domains/desk/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { settleJob } from '@/lib/platform/bigquery/bigquery-job';
import { endedQuery } from '@/lib/platform/bigquery/query-job';
import { log } from '@/lib/platform/log';

const isOpen = ({ status, bytesBilled }: DeskQuery): boolean =>
  status === 'RUNNING' || (status === 'LOST' && bytesBilled === null);

/** For so long its own process may still be about to send it. */
const ownersMs = 90_000;

async function askJob(query: DeskQuery, client: BigQuery, endedAt: Date): Promise<DeskQuery> {
  const found = await endedQuery(query.jobId, client);
  if (found === 'running') return query;
  if (found !== 'unknown') return endQuery(query, found, { client, endedAt });
  if (endedAt.getTime() - query.startedAt.getTime() < ownersMs) return query;
  // Takes the id, so that a request which is still on its way runs nothing.
  if ((await settleJob(query.jobId, client)) === 'never_ran') return endUnsent(query, endedAt);
  const ran = await endedQuery(query.jobId, client);
  return ran === 'running' || ran === 'unknown' ? query : endQuery(query, ran, { client, endedAt });
}

/** Gives the client by which a customer's jobs are asked. */
export type OpenBigQuery = (ctx: CustomerCtx) => Promise<BigQuery>;

/** The query as it is now: settled where its job has ended. Throws what BigQuery throws. */
export async function settleByJob(
  ctx: CustomerCtx,
  query: DeskQuery,
  open: OpenBigQuery = deskBigQuery,
): Promise<DeskQuery> {
  return isOpen(query) ? askJob(query, await open(ctx), ctx.clock()) : query;
}

/** The same for a reader, who sees the query as it was last known where BigQuery cannot be asked. */
export async function followQuery(ctx: CustomerCtx, query: DeskQuery): Promise<DeskQuery> {
  try {
    return await settleByJob(ctx, query);
  } catch (error) {
    log().warn({ err: error, query_id: query.queryId }, 'the job of a query could not be asked');
    return query;
  }
}
