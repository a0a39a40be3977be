/** One query as a job whose id is known before it is sent: what became of it, and its result by pages. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BigQuery } from '@google-cloud/bigquery';
import { BigQueryStatementError, BigQueryUnavailableError, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import {
  answersStatus,
  getJob,
  type JobAnswer,
  jobLocation,
  longPoll,
  type NamedJob,
  sendJob,
  withdrawal,
} from '@/lib/platform/bigquery/bigquery-job';
import type { CellSchema, RawRow } from '@/lib/platform/bigquery/bigquery-values';
import { metrics } from '@/lib/platform/metrics';

/** What became of a job. `bytesBilled` is null where BigQuery does not say it. */
export type EndedQuery =
  | { state: 'succeeded'; bytesBilled: number | null; bytesProcessed: number; isCached: boolean }
  | { state: 'failed'; bytesBilled: number | null; reason: string; message: string };

const pollMs = 10_000;
/** What a job may take longer than its limit until its end is known. */
const graceMs = 15_000;

/** What the job says of its end; null while it runs. */
function endOf(job: JobAnswer): EndedQuery | null {
  if (job.status?.state !== 'DONE') return null;
  const { totalBytesBilled, totalBytesProcessed, cacheHit = false } = job.statistics?.query ?? {};
  const bytesBilled = totalBytesBilled === undefined ? null : Number(totalBytesBilled);
  const problem = job.status.errorResult;
  if (problem) {
    const { reason = 'unknown', message = 'BigQuery refused the query' } = problem;
    return { state: 'failed', bytesBilled, reason, message };
  }
  return { state: 'succeeded', bytesBilled, bytesProcessed: Number(totalBytesProcessed ?? 0), isCached: cacheHit };
}

const isWithdrawn = (job: JobAnswer): boolean => job.configuration?.query?.query === withdrawal;

/** The job that is there under this id; a withdrawn id runs nothing any more. */
async function existingJob(client: BigQuery, jobId: string): Promise<JobAnswer> {
  const job = await getJob(client, jobId);
  if (!isWithdrawn(job)) return job;
  throw new BigQueryUnavailableError(`job ${jobId} was withdrawn before it ran`);
}

/** Waits until the job has ended, at most its limit and a little; each poll is a long one. Then it is cancelled. */
async function waitForEnd(client: BigQuery, job: NamedJob, first: JobAnswer): Promise<EndedQuery> {
  const deadline = Date.now() + job.timeoutMs + graceMs;
  let answer = first;
  for (;;) {
    const ended = endOf(answer);
    if (ended) return ended;
    if (Date.now() > deadline) break;
    const asked = Date.now();
    await longPoll(client, job.jobId);
    answer = await getJob(client, job.jobId);
    if (Date.now() - asked < 50) await sleep(200);
  }
  await bigqueryRequest(client, { method: 'POST', uri: `/jobs/${job.jobId}/cancel`, qs: jobLocation() });
  throw new BigQueryUnavailableError(`job ${job.jobId} has not ended in ${job.timeoutMs + graceMs} ms`);
}

/** The request was refused before there was a job, as for a cap below the least: nothing ran. */
const refused = (error: BigQueryStatementError): EndedQuery => ({
  state: 'failed',
  bytesBilled: 0,
  reason: error.reason,
  message: error.message,
});

/**
 * Runs the query as job `jobId` and waits for its end; sending it again joins the job that is there.
 * Throws BigQueryUnavailableError when its fate is unknown: ask endedQuery for it.
 */
export async function runQueryJob(job: NamedJob, client: BigQuery): Promise<EndedQuery> {
  const started = performance.now();
  const sent: JobAnswer | { refused: EndedQuery } = await sendJob(client, job, graceMs).catch(
    async (error: unknown): Promise<JobAnswer | { refused: EndedQuery }> => {
      if (answersStatus(error, 'duplicate', '409')) return existingJob(client, job.jobId);
      if (error instanceof BigQueryStatementError) return { refused: refused(error) };
      throw error;
    },
  );
  const ended = 'refused' in sent ? sent.refused : await waitForEnd(client, job, sent);
  metrics().querySeconds.observe({ query: job.name }, (performance.now() - started) / 1000);
  return ended;
}

/** What became of the job; `running`, or `unknown` where BigQuery has none of this id or one that was withdrawn. Throws BigQueryUnavailableError. */
export async function endedQuery(jobId: string, client: BigQuery): Promise<EndedQuery | 'running' | 'unknown'> {
  try {
    const job = await getJob(client, jobId);
    return isWithdrawn(job) ? 'unknown' : (endOf(job) ?? 'running');
  } catch (error) {
    if (answersStatus(error, 'notFound', '404')) return 'unknown';
    throw error;
  }
}

export type ResultPage = { fields: CellSchema[]; rows: RawRow[]; totalRows: number };

type Results = { jobComplete?: boolean; schema?: { fields?: CellSchema[] }; rows?: RawRow[]; totalRows?: string };

/**
 * Rows of an ended job from `offset` on: at most `limit`, and fewer where they are large. Costs nothing.
 * Throws BigQueryStatementError notFound where the result is gone, BigQueryUnavailableError.
 */
export async function resultPage(
  jobId: string,
  { offset, limit }: { offset: number; limit: number },
  client: BigQuery,
): Promise<ResultPage> {
  const qs = {
    ...jobLocation(),
    startIndex: offset,
    maxResults: limit,
    timeoutMs: pollMs,
    'formatOptions.useInt64Timestamp': true,
  };
  const answer = await bigqueryRequest<Results>(client, { method: 'GET', uri: `/queries/${jobId}`, qs });
  if (answer.jobComplete === false) throw new BigQueryUnavailableError(`job ${jobId} has not ended`);
  return { fields: answer.schema?.fields ?? [], rows: answer.rows ?? [], totalRows: Number(answer.totalRows ?? 0) };
}
