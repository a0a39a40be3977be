/** A statement as a job whose id is known before it is sent, so that a crash or a time-out never runs it twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BigQuery } from '@google-cloud/bigquery';
import {
  BigQueryStatementError,
  BigQueryUnavailableError,
  bigqueryRequest,
  toLabels,
} from '@/lib/platform/bigquery/bigquery';
import { encodeParameters, type QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';

export type JobStatement = {
  /** Letters, digits, dashes and underscores; unique for ever within the project. */
  jobId: string;
  /** Name for logs, metrics and the label `query`. */
  name: string;
  sql: string;
  parameters?: QueryParameters;
  labels?: Record<string, string>;
  /** After this the service is asked to stop the job and the caller hears BigQueryUnavailableError. */
  timeoutMs?: number;
  /** Cap in bytes; BIGQUERY_MAX_BYTES_BILLED unless it is said. */
  maximumBytesBilled?: number;
};

export type JobResult = { affectedRows: number; bytesBilled: number; durationMs: number };
/** What became of a job: it took effect, it had none, or it will never run. */
export type JobFate = 'succeeded' | 'failed' | 'never_ran';

type ErrorProto = { reason?: string; message?: string };
export type JobAnswer = {
  jobReference?: { jobId?: string };
  /** Set where the answer came with the results, which say less of what was billed. */
  processedBytes?: number;
  status?: { state?: string; errorResult?: ErrorProto; errors?: ErrorProto[] };
  configuration?: { query?: { query?: string }; load?: object };
  statistics?: {
    query?: {
      totalBytesBilled?: string;
      totalBytesProcessed?: string;
      numDmlAffectedRows?: string;
      cacheHit?: boolean;
    };
    load?: { outputRows?: string };
  };
};

const defaultTimeoutMs = 60_000;
const pollMs = 10_000;
const mib = 1024 ** 2;
/** The service bills a statement for at least so much of each table it reads. */
export const leastBilledBytes = 10 * mib;
/** Runs in the place of a job that is not to run any more. */
export const withdrawal = "SELECT 'this job was withdrawn before it ran'";

/** Reasons after which the same job may succeed later. */
export const passingReasons: ReadonlySet<string> = new Set([
  'backendError',
  'internalError',
  'jobInternalError',
  'jobBackendError',
  'rateLimitExceeded',
  'jobRateLimitExceeded',
  'quotaExceeded',
  'stopped',
  'timeout',
]);
const concurrentUpdate = /Could not serialize access|concurrent update|Too many DML statements/i;

/** Bytes billed of a statement about one table: at least 10 MiB, whole MiB above. */
const billedOf = (processedBytes: number): number => Math.max(leastBilledBytes, Math.ceil(processedBytes / mib) * mib);

/** True where BigQuery refused a request for one of these reasons. */
export const answersStatus = (error: unknown, ...reasons: string[]) =>
  error instanceof BigQueryStatementError && reasons.includes(error.reason);

/** Where our jobs run, as requests name it. */
export const jobLocation = () => ({ location: env().BIGQUERY_LOCATION });

/** The job as it is now. */
export const getJob = (client: BigQuery, jobId: string) =>
  bigqueryRequest<JobAnswer>(client, { method: 'GET', uri: `/jobs/${jobId}`, qs: jobLocation() });

export type NamedJob = {
  /** Letters, digits, dashes and underscores; unique for ever within the project. */
  jobId: string;
  /** Name for logs, metrics and the label `query`. */
  name: string;
  /** The query as jobs.insert takes it, with its text, cap and dataset. */
  query: { query: string; [setting: string]: unknown };
  labels: Record<string, string>;
  /** After this the service stops the job. */
  timeoutMs: number;
};

/** Sends the job under its id. `graceMs` is how much longer the answer is waited for: a local BigQuery gives it at the end. */
export function sendJob(client: BigQuery, job: NamedJob, graceMs: number): Promise<JobAnswer> {
  const json = {
    jobReference: { jobId: job.jobId, ...jobLocation() },
    configuration: {
      jobTimeoutMs: String(job.timeoutMs),
      labels: toLabels({ ...job.labels, query: job.name }),
      query: job.query,
    },
  };
  return bigqueryRequest<JobAnswer>(client, { method: 'POST', uri: '/jobs', json, timeoutMs: job.timeoutMs + graceMs });
}

const insertJob = (client: BigQuery, job: JobStatement): Promise<JobAnswer> =>
  sendJob(
    client,
    {
      jobId: job.jobId,
      name: job.name,
      labels: job.labels ?? {},
      timeoutMs: job.timeoutMs ?? defaultTimeoutMs,
      query: {
        query: job.sql,
        useLegacySql: false,
        maximumBytesBilled: String(job.maximumBytesBilled ?? env().BIGQUERY_MAX_BYTES_BILLED),
        ...(job.parameters ? { parameterMode: 'NAMED', queryParameters: encodeParameters(job.parameters) } : {}),
      },
    },
    pollMs,
  );

type Results = {
  jobComplete?: boolean;
  totalBytesProcessed?: string;
  numDmlAffectedRows?: string;
  errors?: ErrorProto[];
};

/** A job that ended well, from its results: the job itself need not be asked for, which saves a third of the requests. */
const succeeded = ({ totalBytesProcessed, numDmlAffectedRows = '0' }: Results): JobAnswer => ({
  status: { state: 'DONE' },
  statistics: { query: { numDmlAffectedRows } },
  processedBytes: Number(totalBytesProcessed ?? 0),
});

/** Waits between two looks at a load job, whose end nothing tells; the last one repeats. */
const loadPollsMs = [250, 500, 1_000, 2_000];

/** Waits until a load job has ended. Throws BigQueryUnavailableError where it has not after `timeoutMs`. */
export async function waitForLoad(
  client: BigQuery,
  jobId: string,
  first: JobAnswer,
  timeoutMs: number,
): Promise<JobAnswer> {
  const deadline = Date.now() + timeoutMs;
  let answer = first;
  for (let poll = 0; answer.status?.state !== 'DONE'; poll++) {
    if (Date.now() > deadline) throw new BigQueryUnavailableError(`job ${jobId} has not ended in ${timeoutMs} ms`);
    await sleep(loadPollsMs[Math.min(poll, loadPollsMs.length - 1)]);
    answer = await getJob(client, jobId);
  }
  return answer;
}

/** Waits for the job's end for up to pollMs. A failed job answers with its error, which is null here: the job itself tells it, in one place. */
export async function longPoll(client: BigQuery, jobId: string): Promise<Results | null> {
  const qs = { ...jobLocation(), timeoutMs: pollMs, maxResults: 0 };
  try {
    return await bigqueryRequest<Results>(client, { method: 'GET', uri: `/queries/${jobId}`, qs });
  } catch (error) {
    if (error instanceof BigQueryStatementError) return null;
    throw error;
  }
}

/** Waits until the job has ended; each poll is a long one, so this is about one request a job. */
async function waitForEnd(
  client: BigQuery,
  jobId: string,
  first: JobAnswer,
  { timeoutMs, whole = false }: { timeoutMs: number; whole?: boolean },
): Promise<JobAnswer> {
  const deadline = Date.now() + timeoutMs + pollMs;
  let answer = first;
  while (answer.status?.state !== 'DONE') {
    if (Date.now() > deadline) throw new BigQueryUnavailableError(`job ${jobId} has not ended in ${timeoutMs} ms`);
    const asked = Date.now();
    const results = await longPoll(client, jobId);
    if (results?.jobComplete && !results.errors?.length && !whole) return succeeded(results);
    if (Date.now() - asked < 50) await sleep(200);
    answer = await getJob(client, jobId);
  }
  return answer;
}

/** The existing job of this id, which must be the same statement: a withdrawn id carries another one. */
async function existingJob(client: BigQuery, job: JobStatement): Promise<JobAnswer> {
  const answer = await getJob(client, job.jobId);
  if (answer.configuration?.query?.query === job.sql) return answer;
  throw new BigQueryUnavailableError(`job ${job.jobId} was withdrawn before it ran`);
}

function throwFailure(answer: JobAnswer, job: JobStatement): void {
  const problem = answer.status?.errorResult;
  if (!problem) return;
  const message = problem.message ?? 'BigQuery refused the statement';
  if (passingReasons.has(problem.reason ?? '') || concurrentUpdate.test(message))
    throw new BigQueryUnavailableError(message);
  throw new BigQueryStatementError(message, problem.reason ?? 'unknown', job.name);
}

/**
 * Runs the statement as job `jobId` and waits for its end; sending it again joins the job that is there.
 * Throws BigQueryStatementError when it was refused (no effect), BigQueryUnavailableError when its fate is unknown or
 * a later attempt may succeed: ask settleJob before sending anything that must come after it.
 */
export async function runJob(job: JobStatement, client: BigQuery): Promise<JobResult> {
  const started = performance.now();
  const sent = await insertJob(client, job).catch((error: unknown) => {
    if (answersStatus(error, 'duplicate', '409')) return existingJob(client, job);
    throw error;
  });
  const answer = await waitForEnd(client, job.jobId, sent, { timeoutMs: job.timeoutMs ?? defaultTimeoutMs });
  throwFailure(answer, job);
  const statistics = answer.statistics?.query;
  const result = {
    affectedRows: Number(statistics?.numDmlAffectedRows ?? 0),
    bytesBilled: Number(statistics?.totalBytesBilled ?? billedOf(answer.processedBytes ?? 0)),
    durationMs: performance.now() - started,
  };
  metrics().bytesBilled.inc({ query: job.name }, result.bytesBilled);
  metrics().querySeconds.observe({ query: job.name }, result.durationMs / 1000);
  log().debug({ query: job.name, jobId: job.jobId, ...result }, 'bigquery job');
  return result;
}

/**
 * Finds out what became of a job that somebody sent, waiting for one that still runs.
 * An id BigQuery does not know is taken by a harmless statement, so that a request still on its way is refused.
 * Throws BigQueryUnavailableError while that cannot be told.
 */
export async function settleJob(jobId: string, client: BigQuery): Promise<JobFate> {
  let first: JobAnswer;
  try {
    first = await getJob(client, jobId);
  } catch (error) {
    if (!answersStatus(error, 'notFound', '404')) throw error;
    const taken = await insertJob(client, { jobId, name: 'relay/withdraw-job', sql: withdrawal }).then(
      () => true,
      (refused: unknown) => {
        if (answersStatus(refused, 'duplicate', '409')) return false;
        throw refused;
      },
    );
    if (taken) return 'never_ran';
    first = await getJob(client, jobId);
  }
  const answer = first.configuration?.load
    ? await waitForLoad(client, jobId, first, defaultTimeoutMs)
    : await waitForEnd(client, jobId, first, { timeoutMs: defaultTimeoutMs, whole: true });
  if (answer.configuration?.query?.query === withdrawal) return 'never_ran';
  return answer.status?.errorResult ? 'failed' : 'succeeded';
}
