/** Every statement sent to BigQuery goes through here: errors surfaced, bytes capped, labels set, cost logged. */
import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import {
  type CellSchema,
  decodeRows,
  encodeParameters,
  type QueryParameters,
  type RawRow,
} from '@/lib/platform/bigquery/bigquery-values';
import { uploadOf } from '@/lib/platform/bigquery/upload-body';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';
import { isErrorNamed, processWide } from '@/lib/platform/process-wide';

export type Statement = {
  /** Name for logs, metrics and the label `query`, as `quota.list_days`. */
  name: string;
  sql: string;
  parameters?: QueryParameters;
  labels?: Record<string, string>;
  /** Cap in bytes; below 10,485,760 the service refuses every query. */
  maximumBytesBilled?: number;
  timeoutMs?: number;
};

export type StatementResult = {
  rows: Record<string, unknown>[];
  bytesBilled: number;
  durationMs: number;
  affectedRows: number | null;
};

/** BigQuery answered that the statement is wrong or refused; `reason` is BigQuery's own word. */
export class BigQueryStatementError extends Error {
  constructor(
    message: string,
    readonly reason: string,
    readonly statement: string,
  ) {
    super(message);
    this.name = 'BigQueryStatementError';
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'BigQueryStatementError');
  }
}

/** BigQuery could not be reached or asked us to come back later. */
export class BigQueryUnavailableError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BigQueryUnavailableError';
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'BigQueryUnavailableError') || isErrorNamed(value, 'BigQueryLateError');
  }
}

/** BigQuery has the question and has not answered it in time, which says nothing of other questions. */
export class BigQueryLateError extends BigQueryUnavailableError {
  constructor(message: string) {
    super(message);
    this.name = 'BigQueryLateError';
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'BigQueryLateError');
  }
}

/** The process's client. */
export const bigquery = (): BigQuery =>
  processWide('bigquery', () =>
    createBigQuery({ projectId: env().GOOGLE_CLOUD_PROJECT, apiUrl: env().BIGQUERY_API_URL }),
  );

/** A client; with `apiUrl` it talks to a local BigQuery without credentials. */
export function createBigQuery(options: { projectId: string; apiUrl?: string | undefined }): BigQuery {
  if (!options.apiUrl) return new BigQuery({ projectId: options.projectId });
  return new BigQuery({
    projectId: options.projectId,
    apiEndpoint: options.apiUrl,
    authClient: new PassThroughClient(),
  });
}

const retryableReasons = new Set([
  'backendError',
  'internalError',
  'rateLimitExceeded',
  'quotaExceeded',
  'jobRateLimitExceeded',
]);

type ErrorProto = { reason?: string; message?: string };
type QueryAnswer = {
  jobComplete?: boolean;
  jobReference?: { jobId?: string; location?: string };
  schema?: { fields?: CellSchema[] };
  rows?: RawRow[];
  pageToken?: string;
  errors?: ErrorProto[];
  totalBytesBilled?: string;
  totalBytesProcessed?: string;
  numDmlAffectedRows?: string;
  status?: { errorResult?: ErrorProto };
};

type RestRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  uri: string;
  json?: unknown;
  qs?: Record<string, unknown>;
  timeoutMs?: number;
  headers?: Record<string, string>;
  /** Sent after `json` in one request to the upload address, as a load job takes its rows. */
  upload?: string | Buffer;
};

/**
 * One REST call below projects/<project>, without the client's own retries (they take 15 s, and a page must learn within
 * a moment that BigQuery is away). Network failures and 5xx become BigQueryUnavailableError.
 */
export async function bigqueryRequest<Answer>(client: BigQuery, request: RestRequest): Promise<Answer> {
  const isUpload = request.upload !== undefined;
  const base = isUpload ? client.baseUrl.replace('/bigquery/v2', '/upload/bigquery/v2') : client.baseUrl;
  const { data, headers } = isUpload ? uploadOf(request) : { data: request.json, headers: request.headers };
  try {
    const answer = await client.authClient.request<Answer>({
      url: `${base}/projects/${client.projectId}${request.uri}`,
      method: request.method,
      params: isUpload ? { uploadType: 'multipart', ...request.qs } : request.qs,
      data,
      timeout: request.timeoutMs ?? 30_000,
      ...(headers ? { headers } : {}),
      retry: false,
    });
    return answer.data;
  } catch (error) {
    throw translate(error, request.uri);
  }
}

function translate(error: unknown, name: string): Error {
  const failure = error as {
    status?: unknown;
    message?: string;
    response?: { data?: { error?: { message?: string; errors?: ErrorProto[] } } };
  };
  const answered = failure.response?.data?.error;
  const reason = answered?.errors?.[0]?.reason ?? '';
  const message = answered?.message ?? failure.message ?? 'no answer';
  if (
    typeof failure.status !== 'number' ||
    failure.status >= 500 ||
    failure.status === 429 ||
    retryableReasons.has(reason)
  ) {
    // The client's own error carries the request, and with it rows; logs must not.
    const cause = Object.assign(new Error(message), {
      status: failure.status,
      response: { data: { error: answered } },
    });
    return new BigQueryUnavailableError(`BigQuery is not reachable (${message})`, { cause });
  }
  return new BigQueryStatementError(message, reason || String(failure.status), name);
}

function throwStatementErrors(answer: QueryAnswer, name: string): void {
  const problem = answer.status?.errorResult ?? answer.errors?.[0];
  if (!problem) return;
  if (retryableReasons.has(problem.reason ?? ''))
    throw new BigQueryUnavailableError(problem.message ?? 'BigQuery is busy');
  throw new BigQueryStatementError(
    problem.message ?? 'BigQuery refused the statement',
    problem.reason ?? 'unknown',
    name,
  );
}

const labelValue = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '_')
    .slice(0, 63);

/** Labels in the form the service accepts: lower case, 63 signs. */
export const toLabels = (labels: Record<string, string>) =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [labelValue(key), labelValue(value)]));

/** The statement as jobs.query takes it, the service's fast path. */
const queryBody = (statement: Statement, timeoutMs: number, maxResults: number) => ({
  query: statement.sql,
  useLegacySql: false,
  location: env().BIGQUERY_LOCATION,
  timeoutMs,
  maxResults,
  maximumBytesBilled: String(statement.maximumBytesBilled ?? env().BIGQUERY_MAX_BYTES_BILLED),
  labels: toLabels({ ...statement.labels, query: statement.name }),
  formatOptions: { useInt64Timestamp: true },
  ...(statement.parameters ? { parameterMode: 'NAMED', queryParameters: encodeParameters(statement.parameters) } : {}),
});

/** The answers of a statement one after the other, each with at most `pageRows` rows, some with none. */
async function* answersOf(statement: Statement, client: BigQuery, pageRows: number): AsyncGenerator<QueryAnswer> {
  const timeoutMs = statement.timeoutMs ?? 10_000;
  let waitedMs = 0;
  const ask = async (request: RestRequest) => {
    const askedAt = performance.now();
    const answer = await bigqueryRequest<QueryAnswer>(client, { timeoutMs: timeoutMs + 5_000, ...request });
    waitedMs += performance.now() - askedAt;
    throwStatementErrors(answer, statement.name);
    return answer;
  };
  let answer = await ask({ method: 'POST', uri: '/queries', json: queryBody(statement, timeoutMs, pageRows) });
  const first = answer;
  yield answer;
  while (answer.jobComplete === false || answer.pageToken) {
    if (answer.jobComplete === false && waitedMs > timeoutMs * 3) {
      throw new BigQueryLateError(
        `${statement.name} took longer than ${timeoutMs * 3} ms; look for a missing filter on the partition column`,
      );
    }
    const job = answer.jobReference ?? first.jobReference;
    const { pageToken } = answer;
    const qs = { location: job?.location, timeoutMs, maxResults: pageRows, pageToken };
    answer = await ask({
      method: 'GET',
      uri: `/queries/${job?.jobId}`,
      qs: { ...qs, 'formatOptions.useInt64Timestamp': true },
    });
    yield answer;
  }
}

function noteStatement(statement: Statement, bytesBilled: number, durationMs: number): void {
  metrics().bytesBilled.inc({ query: statement.name }, bytesBilled);
  metrics().querySeconds.observe({ query: statement.name }, durationMs / 1000);
  log().debug(
    { query: statement.name, ...statement.labels, bytesBilled, durationMs: Math.round(durationMs) },
    'bigquery statement',
  );
}

/**
 * Runs one statement and gives its rows, decoded, page by page, so that no more than `pageRows` are held at a time.
 * Throws BigQueryStatementError or BigQueryUnavailableError; logs bytes billed and duration (ms).
 */
export async function* statementPages(
  statement: Statement,
  client: BigQuery,
  pageRows: number,
): AsyncGenerator<Record<string, unknown>[]> {
  const started = performance.now();
  let fields: CellSchema[] = [];
  let bytesBilled = 0;
  for await (const answer of answersOf(statement, client, pageRows)) {
    fields = answer.schema?.fields ?? fields;
    bytesBilled ||= Number(answer.totalBytesBilled ?? answer.totalBytesProcessed ?? 0);
    if (answer.rows?.length) yield decodeRows(fields, answer.rows);
  }
  noteStatement(statement, bytesBilled, performance.now() - started);
}

/**
 * Runs one statement over jobs.query (the service's fast path) and returns all rows, decoded.
 * Throws BigQueryStatementError or BigQueryUnavailableError; logs bytes billed and duration (ms).
 */
export async function runStatement(statement: Statement, client: BigQuery = bigquery()): Promise<StatementResult> {
  const started = performance.now();
  const rows: RawRow[] = [];
  let first: QueryAnswer | undefined;
  let answer: QueryAnswer = {};
  for await (answer of answersOf(statement, client, 10_000)) {
    first ??= answer;
    rows.push(...(answer.rows ?? []));
  }
  const fields = answer.schema?.fields ?? first?.schema?.fields ?? [];
  const bytesBilled = Number(first?.totalBytesBilled ?? answer.totalBytesBilled ?? first?.totalBytesProcessed ?? 0);
  const durationMs = performance.now() - started;
  noteStatement(statement, bytesBilled, durationMs);
  const affected = first?.numDmlAffectedRows ?? answer.numDmlAffectedRows;
  return {
    rows: decodeRows(fields, rows),
    bytesBilled,
    durationMs,
    affectedRows: affected === undefined ? null : Number(affected),
  };
}
