/** Rows into the Parquet files of a dataset, one file a repository and day. Source: docs/spec/001-ai-traces.md, Trace Ingestion Pipeline. */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { allColumns, parquetColumns } from '@/lib/domains/traces/parquet/columns';
import { mergePartition, writeParquet } from '@/lib/domains/traces/parquet/merge-partition';
import { datasetFolder } from '@/lib/domains/traces/parquet/partition';
import { type RowFile, RowFiles, RowSorter } from '@/lib/domains/traces/parquet/row-files';
import { newWorkFolder } from '@/lib/domains/traces/parquet/work-folder';
import { type DuckDb, literal, withDuckDb } from '@/lib/platform/duckdb';
import { linesOf } from '@/lib/warehouse/ingest/evolve/flat-row';

/** Partitions that are merged at the same time. */
const partitionsAtOnce = 2;

type Merged = {
  /** The batch's different rows as one Parquet file; the caller removes it. */
  parquetFile: string;
  rows: number;
};

type MergeOptions = { dataset: string; mayReplace?: () => void };

const noRows = `SELECT ${Object.entries(parquetColumns)
  .map(([name, type]) => `NULL::${type} AS ${name}`)
  .join(', ')} LIMIT 0`;

/** The rows of all partitions as one file beside `work`. */
async function joinBatch(database: DuckDb | undefined, work: string, isEmpty: boolean): Promise<string> {
  const parquetFile = `${work}.parquet`;
  const all = isEmpty ? noRows : `SELECT ${allColumns} FROM read_parquet(${literal(join(work, '*.batch.parquet'))})`;
  if (database) await writeParquet(database, all, join(work, 'batch.parquet'));
  await rename(join(work, 'batch.parquet'), parquetFile);
  return parquetFile;
}

async function mergeAll(files: readonly RowFile[], work: string, options: MergeOptions, keepsBatch: boolean) {
  const left = [...files.entries()];
  let rows = 0;
  return withDuckDb({ folder: work, connections: partitionsAtOnce }, async databases => {
    const lane = async (database: DuckDb) => {
      const { mayReplace = () => undefined } = options;
      const step = { database, into: datasetFolder(options.dataset), work, keepsBatch, mayReplace };
      for (let next = left.shift(); next; next = left.shift()) {
        const merged = await mergePartition(step, next[1], next[0]);
        // Added after the wait: what stood before it is not what stands now, as the other lane adds too.
        rows += merged;
      }
    };
    // Both lanes end before the database is closed, also where one fails.
    const ended = await Promise.allSettled(databases.map(lane));
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
    return { parquetFile: keepsBatch ? await joinBatch(databases[0], work, files.length === 0) : null, rows };
  });
}

/**
 * Merges rows that stand in files of RowFiles into their partitions. The caller is the dataset's only writer: it holds the
 * loader's lock of `sessions`; `mayReplace` throws once it does not. A crash leaves each partition old or new, and
 * merging the same rows again changes nothing. Where the rows go nowhere else, `keepsBatch` false spares their file.
 */
export async function mergeRowFiles(
  files: readonly RowFile[],
  options: MergeOptions & { keepsBatch: boolean },
): Promise<{ parquetFile: string | null; rows: number }> {
  const work = await newWorkFolder();
  try {
    return await mergeAll(files, work, options, options.keepsBatch);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Sorts rows of NDJSON into a file a partition. */
async function sortRows(ndjson: string, folder: string): Promise<RowFile[]> {
  const files = new RowFiles(folder);
  const sorter = new RowSorter();
  for (const line of linesOf(ndjson)) {
    const row = JSON.parse(line) as PricedRow;
    sorter.add(row, row);
  }
  await files.add(sorter.groups());
  return files.finish();
}

/**
 * Merges rows into the dataset's Parquet files as mergeRowFiles does; `ndjson` holds one PricedRow as JSON a line. Of
 * rows with the same hash the last line wins. Source: docs/spec/001-ai-traces.md, Deduplication Strategy.
 */
export async function mergeIntoParquet({ ndjson, ...options }: MergeOptions & { ndjson: string }): Promise<Merged> {
  const folder = await newWorkFolder();
  try {
    const files = await sortRows(ndjson, folder);
    const { parquetFile, rows } = await mergeRowFiles(files, { ...options, keepsBatch: true });
    if (parquetFile === null) throw new Error('the rows of the batch have no file');
    return { parquetFile, rows };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
