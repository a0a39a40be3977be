/** Rows into the Parquet files of a dataset, one file a repository and day. Source: docs/spec/001-ai-traces.md, Trace Ingestion Pipeline. */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { allColumns, fileColumns } from '@/lib/domains/traces/parquet/columns';
import { hasNameless, keepNames } from '@/lib/domains/traces/parquet/keep-names';
import { mergePartition, writeParquet } from '@/lib/domains/traces/parquet/merge-partition';
import { type Days, datasetFolder, type Partition } from '@/lib/domains/traces/parquet/partition';
import { RowFile } from '@/lib/domains/traces/parquet/row-groups/row-file';
import { newGroupMemory, RowGroup } from '@/lib/domains/traces/parquet/row-groups/row-group';
import { newWorkFolder } from '@/lib/domains/traces/parquet/work-folder';
import { type DuckDb, literal, withDuckDb } from '@/lib/platform/duckdb';
import { linesOf } from '@/lib/warehouse/ingest/evolve/flat-row';

export type Merged = {
  /** The batch's different rows as one Parquet file, which the caller removes; null where nobody asked for it. */
  parquetFile: string | null;
  rows: number;
  /** Null where there is no row. */
  days: Days | null;
};

type MergeOptions = { dataset: string; mayReplace?: () => void };
type FileOptions = MergeOptions & { keepsBatch: boolean };

type Found = Partition & { rows: number };

type Lines = { partitions: Found[]; areNameless: boolean };

/** Makes the table `lines` of a file's rows, of each hash the last; answers their partitions. */
async function readLines(database: DuckDb, rowFile: string): Promise<Lines> {
  // A table that is made from one file keeps its order: rowid is the line's number.
  await database.run(`CREATE TABLE lines AS SELECT ${allColumns} FROM read_parquet(${literal(rowFile)})`);
  const areNameless = await hasNameless(database);
  if (areNameless) await keepNames(database, 'SELECT rowid AS place, * FROM lines');
  await database.run('DELETE FROM lines WHERE rowid NOT IN (SELECT max(rowid) FROM lines GROUP BY trace_hash)');
  const found = await database.rows<{ repoSlug: string | null; eventDate: string; rows: bigint }>(
    `SELECT repo_slug AS "repoSlug", CAST(event_date AS VARCHAR) AS "eventDate", count(*) AS rows
     FROM lines GROUP BY repo_slug, event_date ORDER BY event_date, repo_slug`,
  );
  return { partitions: found.map(({ rows, ...partition }) => ({ ...partition, rows: Number(rows) })), areNameless };
}

async function mergeAll(rowFile: string, work: string, options: FileOptions): Promise<Merged> {
  const { dataset, keepsBatch, mayReplace = () => undefined } = options;
  return withDuckDb({ folder: work }, async database => {
    const { partitions, areNameless } = await readLines(database, rowFile);
    const step = { database, into: datasetFolder(dataset), work, mayReplace, areNameless };
    for (const partition of partitions) await mergePartition(step, partition);
    const [first, last] = [partitions[0], partitions.at(-1)];
    const days = first && last ? { lo: first.eventDate, hi: last.eventDate } : null;
    const rows = partitions.reduce((sum, partition) => sum + partition.rows, 0);
    if (!keepsBatch) return { parquetFile: null, rows, days };
    const parquetFile = `${work}.parquet`;
    await writeParquet(database, `SELECT ${allColumns} FROM lines`, join(work, 'batch.parquet'));
    await rename(join(work, 'batch.parquet'), parquetFile);
    return { parquetFile, rows, days };
  });
}

/**
 * Merges the rows of a RowFile into their partitions. The caller is the dataset's only writer: it holds the
 * loader's lock of `sessions`; `mayReplace` throws once it does not. A crash leaves each partition old or new, and
 * merging the same rows again changes nothing. Where the rows go nowhere else, `keepsBatch` false spares their file.
 */
export async function mergeRowFile(rowFile: string, options: FileOptions): Promise<Merged> {
  const work = await newWorkFolder();
  try {
    return await mergeAll(rowFile, work, options);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Rows of a group where they do not come in blocks. */
const groupRows = 2_048;

/** Writes rows of NDJSON to a row file. */
async function rowFileOf(ndjson: string, folder: string): Promise<string> {
  const file = new RowFile(join(folder, 'rows.parquet'));
  const memory = newGroupMemory();
  const group = new RowGroup(fileColumns);
  for (const line of linesOf(ndjson)) {
    const row = JSON.parse(line) as PricedRow;
    group.add(row, row);
    if (group.rows >= groupRows) await file.add(group.write(memory));
  }
  await file.add(group.write(memory));
  return file.finish();
}

/**
 * Merges rows into the dataset's Parquet files as mergeRowFile does; `ndjson` holds one PricedRow as JSON a line. Of
 * rows with the same hash the last line wins. Source: docs/spec/001-ai-traces.md, Deduplication Strategy.
 */
export async function mergeIntoParquet({
  ndjson,
  ...options
}: MergeOptions & { ndjson: string }): Promise<Merged & { parquetFile: string }> {
  const folder = await newWorkFolder();
  try {
    const rowFile = await rowFileOf(ndjson, folder);
    const { parquetFile, ...merged } = await mergeRowFile(rowFile, { ...options, keepsBatch: true });
    if (parquetFile === null) throw new Error('the rows of the batch have no file');
    return { ...merged, parquetFile };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
