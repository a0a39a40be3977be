/** Reads a result of any size page by page, so that a whole table never has to fit into memory. */
import type { BigQuery } from '@google-cloud/bigquery';
import {
  BigQueryStatementError,
  BigQueryUnavailableError,
  bigqueryRequest,
  type Statement,
  toLabels,
} from '@/lib/platform/bigquery/bigquery';
import { type CellSchema, decodeRows, encodeParameters, type RawRow } from '@/lib/platform/bigquery/bigquery-values';
import { env } from '@/lib/platform/env';

type Page = {
  jobComplete?: boolean;
  jobReference?: { jobId?: string; location?: string };
  schema?: { fields?: CellSchema[] };
  rows?: RawRow[];
  pageToken?: string;
  errors?: { reason?: string; message?: string }[];
  status?: { errorResult?: { reason?: string; message?: string } };
};

const rowsPerPage = 5_000;
const longPollMs = 10_000;
const longestMs = 300_000;

function throwProblem(page: Page, name: string): void {
  const problem = page.status?.errorResult ?? page.errors?.[0];
  if (problem) throw new BigQueryStatementError(problem.message ?? 'refused', problem.reason ?? 'unknown', name);
}

/**
 * Pages of decoded rows of one statement, which is run once. Throws BigQueryStatementError, BigQueryUnavailableError.
 * `maximumBytesBilled` is the statement's, else the process's.
 */
export async function* readPages(
  statement: Omit<Statement, 'timeoutMs'>,
  client: BigQuery,
): AsyncGenerator<Record<string, unknown>[]> {
  const json = {
    query: statement.sql,
    useLegacySql: false,
    location: env().BIGQUERY_LOCATION,
    timeoutMs: longPollMs,
    maxResults: rowsPerPage,
    maximumBytesBilled: String(statement.maximumBytesBilled ?? env().BIGQUERY_MAX_BYTES_BILLED),
    labels: toLabels({ ...statement.labels, query: statement.name }),
    formatOptions: { useInt64Timestamp: true },
    ...(statement.parameters
      ? { parameterMode: 'NAMED', queryParameters: encodeParameters(statement.parameters) }
      : {}),
  };
  const timeoutMs = longPollMs * 3;
  const deadline = Date.now() + longestMs;
  let page = await bigqueryRequest<Page>(client, { method: 'POST', uri: '/queries', json, timeoutMs });
  throwProblem(page, statement.name);
  const job = page.jobReference;
  let fields: CellSchema[] | undefined;
  for (;;) {
    fields ??= page.schema?.fields;
    if (page.jobComplete !== false && page.rows?.length) yield decodeRows(fields ?? [], page.rows);
    if (page.jobComplete !== false && !page.pageToken) return;
    if (page.jobComplete === false && Date.now() > deadline) {
      throw new BigQueryUnavailableError(`${statement.name} has not ended in ${longestMs} ms`);
    }
    const qs = {
      location: job?.location,
      timeoutMs: longPollMs,
      maxResults: rowsPerPage,
      pageToken: page.pageToken,
      'formatOptions.useInt64Timestamp': true,
    };
    page = await bigqueryRequest<Page>(client, { method: 'GET', uri: `/queries/${job?.jobId}`, qs, timeoutMs });
    throwProblem(page, statement.name);
  }
}
