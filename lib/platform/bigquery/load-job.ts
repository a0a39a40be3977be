/** Rows into a table by a load job, which costs nothing; its id is known before it is sent, so that a crash never loads twice. */
import type { BigQuery } from '@google-cloud/bigquery';
import { BigQueryUnavailableError, bigqueryRequest, toLabels } from '@/lib/platform/bigquery/bigquery';
import {
  answersStatus,
  getJob,
  type JobAnswer,
  jobLocation,
  passingReasons,
  waitForLoad,
} from '@/lib/platform/bigquery/bigquery-job';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';

export type LoadJob = {
  /** Letters, digits, dashes and underscores; unique for ever within the project. */
  jobId: string;
  dataset: string;
  table: string;
  labels?: Record<string, string>;
  timeoutMs?: number;
} & (JsonRows | ParquetRows);

type JsonRows = {
  /** The columns that rows may have; all must exist in the table. Null: the table's own, with their modes. */
  fields: readonly { name: string; type: string }[] | null;
  /** One JSON object a line. */
  ndjson: string;
};

/** A file that carries its columns; what the table holds is replaced by its rows. */
type ParquetRows = { parquet: Buffer };

/** BigQuery refused the load whole: none of its rows is in the table. */
export class LoadRefusedError extends Error {
  override readonly name = 'LoadRefusedError';
  constructor(
    /** BigQuery's words that say most. */
    message: string,
    /** BigQuery's own word for it, as `invalid`. */
    readonly reason: string,
    /** Line of `ndjson` that BigQuery names, from 0; null where it names none, as of Parquet. It may be a neighbour of the one meant. */
    readonly line: number | null,
  ) {
    super(message);
  }
}

/** `isJoined`: the job was there; what it loaded may have been changed since. */
export type Loaded = { rows: number; isJoined: boolean; durationMs: number };

const defaultTimeoutMs = 600_000;
/** Longest that the sending of the rows may take. */
const uploadMs = 180_000;

/** Number of the line that holds the byte at `position`. */
function lineAt(ndjson: string, position: number): number {
  const before = Buffer.from(ndjson, 'utf8').subarray(0, position);
  let line = 0;
  for (let at = before.indexOf(10); at !== -1; at = before.indexOf(10, at + 1)) line++;
  return line;
}

/** The line that BigQuery's words name: the service gives its first byte, the local one its number. */
export function namedLine(message: string, ndjson: string): number | null {
  const [, position] = /row starting at position (\d+)/.exec(message) ?? [];
  if (position !== undefined) return lineAt(ndjson, Number(position));
  const [, line] = /\bin line (\d+)\b/.exec(message) ?? [];
  return line === undefined || /approximate/.test(message) ? null : Number(line) - 1;
}

function throwRefusal(answer: JobAnswer, job: LoadJob): void {
  const problem = answer.status?.errorResult;
  if (!problem) return;
  const { reason = 'unknown', message = 'BigQuery refused the load' } = problem;
  if (passingReasons.has(reason)) throw new BigQueryUnavailableError(message);
  // The result of a load only counts errors, its list says what they are.
  const words = (answer.status?.errors ?? []).map(error => error.message ?? message);
  if ('parquet' in job) throw new LoadRefusedError(words.at(-1) ?? message, reason, null);
  for (const text of words) {
    const line = namedLine(text, job.ndjson);
    if (line !== null) throw new LoadRefusedError(text, reason, line);
  }
  throw new LoadRefusedError(message, reason, namedLine(message, job.ndjson));
}

const nullable = ({ name, type }: { name: string; type: string }) => ({ name, type, mode: 'NULLABLE' });

/** What a job says of its rows. Parquet is for tables that take one file each, so a file sent twice is in them once. */
const formatOf = (job: LoadJob) =>
  'parquet' in job
    ? { sourceFormat: 'PARQUET', writeDisposition: 'WRITE_TRUNCATE' }
    : {
        sourceFormat: 'NEWLINE_DELIMITED_JSON',
        ...(job.fields && { schema: { fields: job.fields.map(nullable) } }),
        writeDisposition: 'WRITE_APPEND',
      };

function send(client: BigQuery, job: LoadJob): Promise<JobAnswer> {
  const configuration = {
    labels: toLabels({ ...job.labels }),
    load: {
      destinationTable: { projectId: client.projectId, datasetId: job.dataset, tableId: job.table },
      ...formatOf(job),
      createDisposition: 'CREATE_NEVER',
    },
  };
  const json = { jobReference: { projectId: client.projectId, jobId: job.jobId, ...jobLocation() }, configuration };
  return bigqueryRequest<JobAnswer>(client, {
    method: 'POST',
    uri: '/jobs',
    json,
    upload: 'parquet' in job ? job.parquet : job.ndjson,
    timeoutMs: uploadMs,
  });
}

/** The load that is there under this id; a withdrawn id carries a statement. */
async function existingLoad(client: BigQuery, jobId: string): Promise<JobAnswer> {
  const answer = await getJob(client, jobId);
  if (answer.configuration?.load) return answer;
  throw new BigQueryUnavailableError(`job ${jobId} was withdrawn before it ran`);
}

/**
 * Adds the rows to the table, all or none, and waits for the end; sending the same id again joins the job that is there.
 * Throws LoadRefusedError (no effect), or BigQueryUnavailableError when its fate is unknown or a later attempt may
 * succeed: ask settleJob before sending these rows again.
 */
export async function runLoadJob(job: LoadJob, client: BigQuery): Promise<Loaded> {
  const started = performance.now();
  let isJoined = false;
  const sent = await send(client, job).catch((error: unknown) => {
    if (answersStatus(error, 'duplicate', '409')) {
      isJoined = true;
      return existingLoad(client, job.jobId);
    }
    if (!(error instanceof Error) || error instanceof BigQueryUnavailableError) throw error;
    const { reason = 'unknown' } = error as { reason?: string };
    throw new LoadRefusedError(error.message, reason, null);
  });
  // The local BigQuery gives uploads an id of its own.
  const jobId = sent.jobReference?.jobId ?? job.jobId;
  const answer = await waitForLoad(client, jobId, sent, job.timeoutMs ?? defaultTimeoutMs);
  throwRefusal(answer, job);
  const rows = Number(answer.statistics?.load?.outputRows ?? 0);
  const result = { rows, isJoined, durationMs: performance.now() - started };
  metrics().querySeconds.observe({ query: 'ingest/load' }, result.durationMs / 1000);
  log().debug({ jobId, dataset: job.dataset, table: job.table, ...result }, 'bigquery load job');
  return result;
}
