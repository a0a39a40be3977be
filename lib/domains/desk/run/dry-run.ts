/** Asks BigQuery what a checked text would read, as the account that would run it, and lets the third layer decide. Source: docs/desk.md, Three layers decide. */
import type { BigQuery } from '@google-cloud/bigquery';
import { deskBigQuery, deskClosed } from '@/lib/domains/desk/catalog/desk-bigquery';
import { baseTables, deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import { distrustViews, ensureViews } from '@/lib/domains/desk/catalog/ensure-views';
import { viewClock } from '@/lib/domains/desk/catalog/made-views';
import { leastBytes, type Refusal, type ResultColumn } from '@/lib/domains/desk/rules';
import { type DryRunAnswer, judgeDryRun } from '@/lib/domains/desk/run/judge-dry-run';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import {
  BigQueryStatementError,
  BigQueryUnavailableError,
  bigqueryRequest,
  toLabels,
} from '@/lib/platform/bigquery/bigquery';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';
import { refusedFor, type Store, storeOf } from '@/lib/warehouse/schemas/rest';
import { standardType } from '@/lib/warehouse/schemas/types';

export type DryRun = {
  /** As the service estimates them; 0 on a local store. */
  bytes: number;
  columns: ResultColumn[];
};

const refused = (refusal: Refusal, cause?: unknown): AppError =>
  new AppError('query_refused', refusal.reason, { details: { ...refusal }, cause });

const filterMissing = /Cannot query over table '([^']+)' without a filter over column\(s\) '([^']+)'/;

/** What is to be done about a table that is only read with a filter of days; null where BigQuery complains of something else. */
function filterWords(message: string): string | null {
  const [, table, column] = filterMissing.exec(message) ?? [];
  if (!table || !column) return null;
  const name = table.split(/[.:]/).at(-1);
  return `A query of ${name} needs a filter of ${column}, which says the days that it reads: add WHERE ${column} >= … with the first of them.`;
}

/** BigQuery's own words about a text, with the place that it names as `at [2:17]`. */
function refusalOf({ message }: BigQueryStatementError): Refusal {
  const [, line, column] = /\[(\d+):(\d+)\]/.exec(message) ?? [];
  return {
    layer: 'service',
    reason: filterWords(message) ?? message,
    line: line ? Number(line) : null,
    column: column ? Number(column) : null,
  };
}

/** What a caller hears of a failure: away, not set up, or refused in BigQuery's own words. */
export function deskError({ customerId }: CustomerCtx, error: unknown): unknown {
  if (error instanceof BigQueryUnavailableError) {
    const message = 'BigQuery is not reachable. Try again shortly.';
    return new AppError('warehouse_unavailable', message, { retryAfterSeconds: 30, cause: error });
  }
  if (!(error instanceof BigQueryStatementError)) return error;
  // Both first layers know the customer's own views only, so that this is a fault of the set-up.
  if (refusedFor(error, 'accessDenied', '401', '403')) return deskClosed(customerId, error);
  if (refusedFor(error, 'bytesBilledLimitExceeded'))
    return new AppError('query_over_cap', error.message, { cause: error });
  return refused(refusalOf(error), error);
}

/** The configuration of a job of the desk, but for what is particular to it: names without a dataset are views of the customer. */
export const deskQuery = ({ tenantDatasetId }: CustomerCtx, sql: string, maximumBytesBilled: number) => ({
  query: sql,
  useLegacySql: false,
  defaultDataset: { projectId: env().GOOGLE_CLOUD_PROJECT, datasetId: deskDatasetOf(tenantDatasetId) },
  maximumBytesBilled: String(maximumBytesBilled),
});

/** A dry run bills nothing; its cap is there in case that the service takes it for a run. */
const dryRunCap = (): number => Math.max(env().DESK_BYTES_PER_DAY, leastBytes);

export const sendDryRun = (client: BigQuery, ctx: CustomerCtx, sql: string): Promise<DryRunAnswer> =>
  bigqueryRequest<DryRunAnswer>(client, {
    method: 'POST',
    uri: '/jobs',
    json: {
      jobReference: { projectId: env().GOOGLE_CLOUD_PROJECT, location: env().BIGQUERY_LOCATION },
      configuration: {
        dryRun: true,
        labels: toLabels({ query: 'desk.dry_run', customer: ctx.customerId }),
        query: deskQuery(ctx, sql, dryRunCap()),
      },
    },
  });

const isGone = (error: unknown): boolean => refusedFor(error, 'notFound', '404');

/** Sends it; where BigQuery knows a view no longer, those that were made before are made anew and it is sent once more. */
async function sendSurely(client: BigQuery, ctx: CustomerCtx, sql: string, tables: readonly string[]) {
  await ensureViews(ctx, tables);
  const sentAt = await viewClock();
  try {
    return await sendDryRun(client, ctx, sql);
  } catch (error) {
    if (!isGone(error)) throw error;
    await distrustViews(ctx, sentAt);
    await ensureViews(ctx, tables);
    return sendDryRun(client, ctx, sql);
  }
}

function columnsOf(answer: DryRunAnswer): ResultColumn[] {
  const fields = answer.statistics?.query?.schema?.fields ?? [];
  return fields.map(({ name, type, mode }) => ({
    name,
    type: type === 'RECORD' ? 'STRUCT' : standardType(type),
    repeated: mode === 'REPEATED',
  }));
}

/** Judges an answer and reads it. AppError query_refused. */
export async function readDryRun(
  ctx: CustomerCtx,
  answer: DryRunAnswer,
  { store, readsTables }: { store: Store; readsTables: boolean },
): Promise<DryRun> {
  const refusal = judgeDryRun(answer, { allowed: await baseTables(ctx), store, readsTables });
  if (refusal) throw refused(refusal);
  const { statistics } = answer;
  const bytes = Number(statistics?.query?.totalBytesProcessed ?? statistics?.totalBytesProcessed ?? 0);
  return { bytes, columns: columnsOf(answer) };
}

/**
 * What the text would read and answer. `sql` is the text that will run, `tables` those of the desk that it names; their views are
 * made first. AppError query_refused, query_over_cap, desk_closed, warehouse_unavailable.
 */
export async function dryRun(ctx: CustomerCtx, sql: string, tables: readonly string[]): Promise<DryRun> {
  const client = await deskBigQuery(ctx);
  try {
    const answer = await sendSurely(client, ctx, sql, tables);
    return await readDryRun(ctx, answer, { store: storeOf(client), readsTables: tables.length > 0 });
  } catch (error) {
    throw deskError(ctx, error);
  }
}
