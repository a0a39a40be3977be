/** What BigQuery would refuse of a Parquet file: rows that a test calls bad. It names none of them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Refusal } from '@/dev/doubles/warehouse/load-check';

async function rowsWith(parquet: Buffer, text: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'parquet-'));
  const duckdb = await DuckDBInstance.create(':memory:');
  const connection = await duckdb.connect();
  try {
    const file = join(folder, 'rows.parquet');
    await writeFile(file, parquet);
    const sql = 'SELECT count(*) AS rows FROM read_parquet($file) AS line WHERE contains(line::VARCHAR, $text)';
    const [row] = (await connection.runAndReadAll(sql, { file, text })).getRowObjectsJS();
    return Number(row?.rows ?? 0);
  } finally {
    connection.closeSync();
    duckdb.closeSync();
    await rm(folder, { recursive: true });
  }
}

/** Refuses the file where one of its rows names `poison`. */
export async function refusedParquet(parquet: Buffer, poison: string | null): Promise<Refusal | null> {
  if (poison === null || (await rowsWith(parquet, poison)) === 0) return null;
  return { reason: 'invalid', message: 'Error while reading data, error message: Internal error of a row.' };
}
