/** What became of a query's job, as its row says it: rows, bytes billed, or why there is no result. */
import type { BigQuery } from '@google-cloud/bigquery';
import { billedAtLeast, resultRows } from '@/lib/domains/desk/rules';
import { type QueryEnd, settle } from '@/lib/domains/desk/run/budget';
import { deskQuery } from '@/lib/domains/desk/run/dry-run';
import { recordQuery } from '@/lib/domains/desk/run/record-query';
import type { DeskQuery } from '@/lib/domains/desk/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { storableStart } from '@/lib/kernel/storable';
import type { NamedJob } from '@/lib/platform/bigquery/bigquery-job';
import { type EndedQuery, resultPage } from '@/lib/platform/bigquery/query-job';
import { metrics } from '@/lib/platform/metrics';
import { isLocal, refusedFor } from '@/lib/warehouse/schemas/rest';

const longestSeconds = 60;
const errorSigns = 2_000;
/** BigQuery's words for a job that it stopped: its time was over, or somebody cancelled it. */
const stopReasons: ReadonlySet<string> = new Set(['stopped', 'timeout', 'jobTimeout']);

/** The job of a query; the same again joins the one that is there. */
export const jobOf = (ctx: CustomerCtx, query: DeskQuery): NamedJob => ({
  jobId: query.jobId,
  name: 'desk.run_query',
  query: deskQuery(ctx, query.executedSql, query.capBytes),
  labels: { customer: query.customerId, door: query.askedVia },
  timeoutMs: longestSeconds * 1_000,
});

/** Bytes of a job that ended well. A local BigQuery bills nothing, so there it is the least that the service would. */
function billedBytes(ended: Extract<EndedQuery, { state: 'succeeded' }>, query: DeskQuery, client: BigQuery): number {
  if (ended.isCached) return 0;
  if (isLocal(client) && !ended.bytesBilled) return billedAtLeast(ended.bytesProcessed, query.tables.length);
  return ended.bytesBilled ?? query.estimatedBytes;
}

/** A failed query is not billed; one that was stopped may be, and where BigQuery does not say how much its estimate counts. */
function failureOf(ended: Extract<EndedQuery, { state: 'failed' }>, query: DeskQuery): [words: string, bytes: number] {
  if (!stopReasons.has(ended.reason)) return [ended.message, ended.bytesBilled ?? 0];
  return [`The query took longer than ${longestSeconds} s and was stopped.`, ended.bytesBilled ?? query.estimatedBytes];
}

/** Rows of the result; null where BigQuery keeps it no more, which changes nothing of what was billed. */
async function rowsOf(query: DeskQuery, client: BigQuery): Promise<number | null> {
  try {
    return (await resultPage(query.jobId, { offset: 0, limit: 0 }, client)).totalRows;
  } catch (error) {
    if (refusedFor(error, 'notFound', '404')) return null;
    throw error;
  }
}

async function endOf(
  query: DeskQuery,
  ended: EndedQuery,
  { client, endedAt }: { client: BigQuery; endedAt: Date },
): Promise<QueryEnd> {
  if (ended.state === 'failed') {
    const [words, bytesBilled] = failureOf(ended, query);
    const errorMessage = storableStart(words, errorSigns);
    return { status: 'FAILED', errorMessage, bytesBilled, rowCount: null, totalRows: null, endedAt };
  }
  const totalRows = await rowsOf(query, client);
  const bytesBilled = billedBytes(ended, query, client);
  const rowCount = totalRows === null ? null : Math.min(totalRows, resultRows);
  return { status: 'COMPLETED', errorMessage: null, bytesBilled, rowCount, totalRows, endedAt };
}

/** Counts a query that has just been settled, and records it in the agent log where a key asked. */
async function afterEnd(query: DeskQuery, session: string | undefined): Promise<void> {
  metrics().deskQueries.inc({ status: query.status, door: query.askedVia });
  metrics().bytesBilled.inc({ query: 'desk.run_query' }, query.bytesBilled ?? 0);
  await recordQuery(query, session);
}

/** Settles a query by what its job says; of several that do so at once the first one counts. Throws BigQueryUnavailableError. */
export async function endQuery(
  query: DeskQuery,
  ended: EndedQuery,
  at: { client: BigQuery; endedAt: Date; session?: string | undefined },
): Promise<DeskQuery> {
  const settled = await settle(query.queryId, await endOf(query, ended, at));
  if (settled.isFirst) await afterEnd(settled.query, at.session);
  return settled.query;
}

/** Settles a query whose job never ran: nothing was billed. */
export async function endUnsent(query: DeskQuery, endedAt: Date): Promise<DeskQuery> {
  const errorMessage =
    'The query was not sent to BigQuery, because the process that was to do so ended. Nothing was billed.';
  const settled = await settle(query.queryId, {
    status: 'FAILED',
    errorMessage,
    bytesBilled: 0,
    rowCount: null,
    totalRows: null,
    endedAt,
  });
  if (settled.isFirst) await afterEnd(settled.query, undefined);
  return settled.query;
}
