/** One partition's rows: the last of a hash wins within them, and they win over the file that is there. */
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { allColumns, csvOptions } from '@/lib/domains/traces/parquet/columns';
import { partitionFile, partitionFolder } from '@/lib/domains/traces/parquet/partition';
import type { RowFile } from '@/lib/domains/traces/parquet/row-files';
import { type DuckDb, literal } from '@/lib/platform/duckdb';

/** Read everywhere, BigQuery too; a third of Snappy's bytes at the same time. */
const parquetFormat = '(FORMAT parquet, COMPRESSION zstd)';

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
  database: DuckDb;
  /** Folder of the dataset's files. */
  into: string;
  /** Folder for what is being written, on the same volume. */
  work: string;
  /** Writes the batch's own rows to `<work>/<number>.batch.parquet` too. */
  keepsBatch: boolean;
  /** Throws where the caller may not write any more. */
  mayReplace: () => void;
};

/** Merges one file of rows into its partition; answers how many different rows the batch had. */
export async function mergePartition(step: MergeStep, { path, ...partition }: RowFile, number: number) {
  const { database, into, work } = step;
  const place = join(into, partitionFolder(partition), partitionFile);
  const isThere = await stat(place).then(
    () => true,
    () => false,
  );
  // A table that is made from one file keeps its order: rowid is the line's number.
  await database.run(`CREATE TEMP TABLE lines AS SELECT ${allColumns} FROM read_csv(${literal(path)}, ${csvOptions})`);
  await database.run('CREATE TEMP TABLE last AS SELECT max(rowid) AS line FROM lines GROUP BY trace_hash');
  try {
    const batch = `SELECT ${allColumns} FROM lines WHERE rowid IN (SELECT line FROM last)`;
    if (step.keepsBatch) await writeParquet(database, batch, join(work, `${number}.batch.parquet`));
    const older = `SELECT ${allColumns} FROM read_parquet(${literal(place)}) WHERE trace_hash NOT IN (SELECT trace_hash FROM lines)`;
    const written = join(work, `${number}.parquet`);
    await writeParquet(database, isThere ? `${batch} UNION ALL ${older}` : batch, written);
    step.mayReplace();
    await replace(written, place);
    const [counted] = await database.rows<{ rows: bigint }>('SELECT count(*) AS rows FROM last');
    return Number(counted?.rows ?? 0);
  } finally {
    await database.run('DROP TABLE lines');
    await database.run('DROP TABLE last');
  }
}
