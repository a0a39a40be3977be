/** One partition's rows into its file: those of the batch win over those that are there. */
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { allColumns } from '@/lib/domains/traces/parquet/columns';
import { keepNames } from '@/lib/domains/traces/parquet/keep-names';
import { type Partition, partitionFile, partitionFolder } from '@/lib/domains/traces/parquet/partition';
import { type DuckDb, literal } from '@/lib/platform/duckdb';

/** Read everywhere, BigQuery too; a third of Snappy's bytes, and by its quickest level at less time. */
const parquetFormat = '(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)';

/** Writes the rows of a statement to a Parquet file. */
export const writeParquet = (database: DuckDb, select: string, path: string): Promise<void> =>
  database.run(`COPY (${select}) TO ${literal(path)} ${parquetFormat}`);

/** Puts a whole file, on the disk by then, in the place of another: a crash leaves the old or the new one. */
async function replace(written: string, place: string): Promise<void> {
  const file = await open(written, 'r+');
  await file.sync().finally(() => file.close());
  await mkdir(dirname(place), { recursive: true });
  await rename(written, place);
  const folder = await open(dirname(place), 'r');
  await folder.sync().finally(() => folder.close());
}

export type MergeStep = {
  /** Has the table `lines` with the batch's rows, each hash once. */
  database: DuckDb;
  /** Whether some of them lack a name that the file may know. */
  areNameless: boolean;
  /** Folder of the dataset's files. */
  into: string;
  /** Folder for what is being written, on the same volume. */
  work: string;
  /** Throws where the caller may not write any more. */
  mayReplace: () => void;
};

/** Writes the batch's rows of a partition, with those of its file whose hashes the batch has not. */
export async function mergePartition(step: MergeStep, partition: Partition): Promise<void> {
  const { database, into, work } = step;
  const place = join(into, partitionFolder(partition), partitionFile);
  const isThere = await stat(place).then(
    () => true,
    () => false,
  );
  const { repoSlug, eventDate } = partition;
  const ofRepo = repoSlug === null ? 'repo_slug IS NULL' : `repo_slug = ${literal(repoSlug)}`;
  const ofPartition = `lines WHERE ${ofRepo} AND event_date = DATE ${literal(eventDate)}`;
  const batch = `SELECT ${allColumns} FROM ${ofPartition}`;
  const older = `SELECT ${allColumns} FROM read_parquet(${literal(place)}) WHERE trace_hash NOT IN (SELECT trace_hash FROM ${ofPartition})`;
  if (isThere && step.areNameless)
    await keepNames(database, `SELECT 0 AS place, * FROM read_parquet(${literal(place)})`);
  const written = join(work, 'partition.parquet');
  await writeParquet(database, isThere ? `${batch} UNION ALL ${older}` : batch, written);
  step.mayReplace();
  await replace(written, place);
}
