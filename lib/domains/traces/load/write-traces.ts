/** Brings a Parquet file of traces into a customer's `sessions` and `session_details`, each row once. Source: docs/architecture.md, AI traces. */
import { readFile } from 'node:fs/promises';
import type { BigQuery } from '@google-cloud/bigquery';
import { mergeTracesSql, type TraceTable } from '@/lib/domains/traces/load/merge-sql';
import { reserveIds } from '@/lib/domains/traces/load/reserve-ids';
import { ensureTraceTables, forgetTenantTables } from '@/lib/domains/traces/load/tenant-tables';
import { fileColumns } from '@/lib/domains/traces/parquet/columns';
import type { Days } from '@/lib/domains/traces/parquet/partition';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import { runJob } from '@/lib/platform/bigquery/bigquery-job';
import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { LoadRefusedError, runLoadJob } from '@/lib/platform/bigquery/load-job';
import type { Clock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { faultOf } from '@/lib/warehouse/ingest/load/failure';
import { asLoad, dropStage, makeStage } from '@/lib/warehouse/ingest/load/stage';
import { raiseTableVersions } from '@/lib/warehouse/ingest/table-versions';

/** Jobs of a write in the order of sending; details first, so that no row of `sessions` is seen without its own. */
export const writeSteps = ['stage', 'details', 'sessions'] as const;

/** Versions of the tables that pages' caches follow. */
export const traceVersions: readonly string[] = ['tenant.sessions', 'tenant.session_details'];

export type TraceWrite = {
  bigquery: BigQuery;
  clock: Clock;
  customerId: string;
  /** The customer's own. */
  dataset: string;
  /** Rows of different trace_hash, with the columns of fileColumns in that order, by which the local BigQuery goes. */
  parquetFile: string;
  rows: number;
  /** Of the rows; null where there are none. */
  days: Days | null;
  /** One for each of writeSteps; never used for other rows. Sent again, they join what is there. */
  jobIds: readonly string[];
};

const mergeTimeoutMs = 300_000;

async function countRows({ bigquery, dataset }: TraceWrite, stage: string): Promise<number> {
  const sql = `SELECT COUNT(*) AS row_count FROM \`${dataset}.${stage}\``;
  const { rows } = await asLoad(runStatement({ name: 'traces/count-stage', sql }, bigquery));
  return Number(rows[0]?.row_count ?? 0);
}

/** Loads the stage whole. A job that was joined may have filled a stage that has expired since: then another does. */
async function fillStage(write: TraceWrite, stage: string, jobId: string): Promise<void> {
  const { bigquery, dataset, parquetFile, rows } = write;
  const parquet = await readFile(parquetFile);
  for (const attempt of ['', `_${write.clock().getTime()}`]) {
    const loaded = await runLoadJob({ jobId: `${jobId}${attempt}`, dataset, table: stage, parquet }, bigquery);
    if ((loaded.isJoined ? await countRows(write, stage) : loaded.rows) === rows) return;
  }
  throw new Error(`the stage ${dataset}.${stage} does not hold the ${rows} rows of its file`);
}

async function merge(write: TraceWrite, stage: string, step: { table: TraceTable; jobId: string; days: Days }) {
  const { table, jobId, days } = step;
  const parameters: QueryParameters = {
    lo: { type: 'DATE', value: days.lo },
    hi: { type: 'DATE', value: days.hi },
  };
  if (table === 'sessions')
    parameters.first_id = { type: 'INT64', value: await reserveIds(write.customerId, write.rows) };
  else parameters.loaded_at = { type: 'TIMESTAMP', value: write.clock() };
  const sql = mergeTracesSql(table, write.dataset, stage);
  const labels = { customer: write.customerId };
  const job = { jobId, name: `traces/merge-${table}`, sql, parameters, labels, timeoutMs: mergeTimeoutMs };
  await asLoad(runJob(job, write.bigquery));
}

async function send(write: TraceWrite, days: Days): Promise<void> {
  const { dataset, jobIds } = write;
  const [stageId = '', detailsId = '', sessionsId = ''] = jobIds;
  const stage = `stage_${stageId}`;
  const place = { dataset, stage };
  await makeStage(write, place, fileColumns);
  try {
    await fillStage(write, stage, stageId);
    await merge(write, stage, { table: 'session_details', jobId: detailsId, days });
    await merge(write, stage, { table: 'sessions', jobId: sessionsId, days });
    await dropStage(write, place);
  } catch (error) {
    // Where the fate of a MERGE is not known the stage stays for it until it expires.
    if (error instanceof LoadRefusedError) await dropStage(write, place);
    throw error;
  }
}

/**
 * Writes the rows and raises the tables' versions; repeated it changes nothing. The caller holds the lock of the table
 * `sessions` (lockSpaces.ingestTable). Throws LoadRefusedError (the table `sessions` is as it was), TableBlocked where the
 * dataset is not the customer's, BigQueryUnavailableError when the fate of a job is unknown.
 */
export async function writeTraces(write: TraceWrite): Promise<void> {
  const { bigquery, customerId, dataset } = write;
  await asLoad(ensureTraceTables(bigquery, customerId, dataset));
  try {
    if (write.days !== null) await send(write, write.days);
  } catch (error) {
    if (error instanceof LoadRefusedError && faultOf(error) === 'shape') forgetTenantTables(dataset);
    throw error;
  }
  await db().transaction(tx => raiseTableVersions(tx, traceVersions, customerId));
}
