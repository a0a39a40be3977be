/** DuckDB inside this process, for reshaping files: in memory, bounded, without extensions from anywhere, gone after the work. */
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';

/** What does not fit goes to the folder of the work. */
const memoryMb = 160;

export type DuckDb = {
  /** Runs one statement. Throws DuckDB's own error. */
  run: (sql: string) => Promise<void>;
  /** The rows of a question, as values by column; whole numbers are bigint. */
  rows: <Row extends Record<string, unknown>>(sql: string) => Promise<Row[]>;
};

const asDuckDb = (connection: DuckDBConnection): DuckDb => ({
  run: async sql => {
    await connection.run(sql);
  },
  rows: async <Row extends Record<string, unknown>>(sql: string) =>
    (await connection.runAndReadAll(sql)).getRowObjectsJS() as Row[],
});

/** A text as a literal of DuckDB's SQL. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Opens a DuckDB for one piece of work and closes it afterwards. `folder` exists and takes what memory does not hold. One
 * thread unless told otherwise: two take a third more of the processor for the same rows.
 */
export async function withDuckDb<Result>(
  { folder, threads = 1 }: { folder: string; threads?: number },
  work: (database: DuckDb) => Promise<Result>,
): Promise<Result> {
  // Loaded where it is needed: 70 MB that most processes never ask for.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MB`,
    threads: `${threads}`,
    temp_directory: join(folder, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    try {
      return await work(asDuckDb(connection));
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
