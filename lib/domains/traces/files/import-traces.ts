/** Imports of files of traces into a customer's Parquet files and tables. Source: docs/spec/001-ai-traces.md, Trace Ingestion Pipeline. */
import { availableParallelism } from 'node:os';
import type { BigQuery } from '@google-cloud/bigquery';
import { findCustomer } from '@/lib/domains/customers/find-customer';
import { type Imported, importFile } from '@/lib/domains/traces/files/import-file';
import { ParsePool } from '@/lib/domains/traces/files/parse-pool';
import type { StretchLimits } from '@/lib/domains/traces/files/stretch';
import type { TextSource } from '@/lib/domains/traces/files/text-source';
import { fileColumns } from '@/lib/domains/traces/parquet/columns';
import { readBook } from '@/lib/domains/traces/prices/read-book';
import { openSession } from '@/lib/kernel/lock-session';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';

/** Large, because each stretch rewrites the partitions it touches; small enough that a kill costs seconds. */
const stretchLimits: StretchLimits = { rows: 200_000, seconds: 30 };

export type ImportRequest = {
  customerId: string;
  /** Repository of records that name none. */
  repoSlug: string | null;
  /** Null: Parquet only. */
  bigquery: BigQuery | null;
  /** Cores unless given. */
  threads?: number;
  stretch?: Partial<StretchLimits>;
  clock?: Clock;
  stopping?: AbortSignal;
  onProgress?: (source: TextSource, progress: { storedBytes: number; rows: number }) => void;
  /** LOAD_JOBS_PER_DAY unless given. */
  loadJobsPerDay?: number;
  /** Told where the day's load jobs are spent and the import waits for the next day's. */
  onWait?: (until: Date) => void;
};

async function datasetOf(customerId: string): Promise<string> {
  const customer = await findCustomer(customerId);
  if (!customer) throw new AppError('not_found', `There is no customer ${customerId}.`);
  return customer.tenantDatasetId;
}

/** Imports the sources in order, each from where it was left. Throws at the first that cannot be read or written; those before it stay. */
export async function* importTraces(
  sources: readonly TextSource[],
  request: ImportRequest,
): AsyncGenerator<{ source: TextSource; imported: Imported }> {
  const { customerId, repoSlug, bigquery, clock = systemClock } = request;
  const { threads = availableParallelism(), stopping = new AbortController().signal } = request;
  const { loadJobsPerDay: jobsPerDay = env().LOAD_JOBS_PER_DAY, onWait = () => undefined } = request;
  const allowance = { jobsPerDay, onWait, stopping };
  const dataset = await datasetOf(customerId);
  const session = await openSession('ingestTable');
  const book = await readBook(customerId);
  const pool = new ParsePool(threads, { receivedAt: clock(), repoSlug, book, columns: fileColumns });
  try {
    for (const source of sources) {
      if (stopping.aborted) return;
      const lock = `traces of ${customerId} ${source.location}`;
      if (source.location !== '-' && !(await session.tryLock(lock)))
        throw new AppError('conflict', `${source.location} is being imported by another process.`);
      const imported = await importFile(source, {
        target: { session, customerId, dataset, clock, bigquery, allowance },
        pool,
        threads,
        stretch: { ...stretchLimits, ...request.stretch },
        stopping,
        onProgress: progress => request.onProgress?.(source, progress),
      }).finally(() => source.location !== '-' && session.unlock(lock));
      yield { source, imported };
    }
  } finally {
    await pool.close();
    await session.close();
  }
}
