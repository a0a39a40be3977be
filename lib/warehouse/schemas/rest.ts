/** The few REST calls schemas need beyond queries: read and write table resources, run DDL, know what a store keeps. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BigQuery } from '@google-cloud/bigquery';
import { BigQueryStatementError, BigQueryUnavailableError, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { type CellSchema, decodeRows, type RawRow } from '@/lib/platform/bigquery/bigquery-values';

export type LiveField = {
  name: string;
  type: string;
  mode?: string;
  description?: string;
  precision?: string;
  scale?: string;
  maxLength?: string;
  defaultValueExpression?: string;
  policyTags?: { names?: string[] };
  fields?: LiveField[];
};

/** The parts of a tables resource that we read (BigQuery REST v2, tables). */
export type LiveTable = {
  type?: string;
  etag?: string;
  description?: string;
  labels?: Record<string, string>;
  numRows?: string;
  numBytes?: string;
  schema?: { fields?: LiveField[] };
  view?: { query?: string };
  timePartitioning?: { type?: string; field?: string; expirationMs?: string };
  requirePartitionFilter?: boolean;
  clustering?: { fields?: string[] };
  tableConstraints?: { primaryKey?: { columns?: string[] } };
};

export type DatasetAccess = {
  role?: string;
  view?: { projectId: string; datasetId: string; tableId: string };
} & Record<string, unknown>;
export type LiveDataset = { location?: string; etag?: string; access?: DatasetAccess[] };

/** Attributes of a table that the local BigQuery forgets, so that comparing them would never settle. */
export type Attribute = 'default' | 'precision' | 'primaryKey' | 'partitionSettings' | 'policyTag';
export type Keeps = (attribute: Attribute) => boolean;

/** True for a local BigQuery, which has neither policy tags nor access control. */
export const isLocal = (client: BigQuery) => !new URL(client.apiEndpoint).hostname.endsWith('googleapis.com');

/** Which kind of BigQuery answers. A local one has neither access control nor policy tags. */
export type Store = 'service' | 'local';

/** The kind of BigQuery behind the client, told by its address. */
export const storeOf = (client: BigQuery): Store => (isLocal(client) ? 'local' : 'service');

/** What a store remembers: the service everything, a local one no attribute of the list above. */
export const keepsOf = (store: Store): Keeps => (store === 'local' ? () => false : () => true);

/** True when the service refused a request for this reason, as `notFound` or `duplicate`. */
export const refusedFor = (error: unknown, ...reasons: string[]) =>
  error instanceof BigQueryStatementError && reasons.includes(error.reason);

async function orNull<Answer>(client: BigQuery, uri: string): Promise<Answer | null> {
  try {
    return await withinRate(() => bigqueryRequest<Answer>(client, { method: 'GET', uri }));
  } catch (error) {
    if (refusedFor(error, 'notFound', '404')) return null;
    throw error;
  }
}

/** The dataset, or null where there is none. */
export const getDataset = (client: BigQuery, dataset: string) => orNull<LiveDataset>(client, `/datasets/${dataset}`);

/** The table's metadata (free of charge), or null where there is none. */
export const getTable = (client: BigQuery, dataset: string, table: string) =>
  orNull<LiveTable>(client, `/datasets/${dataset}/tables/${table}`);

const rateLimits = /rateLimitExceeded|jobRateLimitExceeded|quotaExceeded|Exceeded rate limits/;

/** Refused for its rate, or because another statement wrote the same rows meanwhile. */
function passes(error: unknown): boolean {
  if (error instanceof BigQueryStatementError) return /concurrent update/i.test(error.message);
  if (!(error instanceof BigQueryUnavailableError)) return false;
  const cause = error.cause as { response?: { data?: { error?: { errors?: { reason?: string }[] } } } } | undefined;
  return rateLimits.test(`${error.message} ${cause?.response?.data?.error?.errors?.[0]?.reason ?? ''}`);
}

/** Repeats what the service refused for its rate, or for another statement's sake that came first. */
export async function withinRate<Answer>(send: () => Promise<Answer>, attempts = 6): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (attempt >= attempts || !passes(error)) throw error;
      await sleep(1_000 * 2 ** (attempt - 1));
    }
  }
}

type Problem = { reason?: string; message?: string };
type DdlAnswer = {
  jobComplete?: boolean;
  jobReference?: { jobId?: string };
  errors?: Problem[];
  schema?: { fields?: CellSchema[] };
  rows?: RawRow[];
};

function throwProblem(answer: DdlAnswer, sql: string): void {
  const problem = answer.errors?.[0];
  if (!problem) return;
  const message = problem.message ?? 'BigQuery refused the statement';
  if (rateLimits.test(problem.reason ?? '')) throw new BigQueryUnavailableError(`${message} (${problem.reason})`);
  throw new BigQueryStatementError(message, problem.reason ?? 'unknown', sql);
}

function ask(client: BigQuery, sql: string, location: string, dryRun: boolean): Promise<DdlAnswer> {
  return withinRate(async () => {
    const json = { query: sql, useLegacySql: false, location, dryRun, timeoutMs: 10_000, maxResults: 10_000 };
    let answer = await bigqueryRequest<DdlAnswer>(client, { method: 'POST', uri: '/queries', json });
    throwProblem(answer, sql);
    const jobId = answer.jobReference?.jobId;
    while (answer.jobComplete === false && jobId && !dryRun) {
      const qs = { location, timeoutMs: 10_000 };
      answer = await bigqueryRequest<DdlAnswer>(client, { method: 'GET', uri: `/queries/${jobId}`, qs });
      throwProblem(answer, sql);
    }
    return answer;
  });
}

/** Runs one DDL statement (or only checks it) in the dataset's location; throws what BigQuery answers. */
export async function runDdl(client: BigQuery, sql: string, location: string, dryRun = false): Promise<void> {
  await ask(client, sql, location, dryRun);
}

/** The rows of one statement, at most 10,000: a table has no more partitions. Throws what BigQuery answers. */
export async function selectRows(client: BigQuery, sql: string, location: string): Promise<Record<string, unknown>[]> {
  const { schema, rows } = await ask(client, sql, location, false);
  return decodeRows(schema?.fields ?? [], rows ?? []);
}

/** Checks that a dataset name is one BigQuery takes before it becomes part of a URL or a statement. */
export function assertDatasetId(dataset: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,1023}$/.test(dataset)) throw new Error(`not a dataset name: ${dataset}`);
}
