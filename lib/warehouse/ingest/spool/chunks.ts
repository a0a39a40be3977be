/** The spool as the loader sees it: which tables wait, their chunks, and what is done with them. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { inArray, sql } from 'drizzle-orm';
import { pool, type Tx } from '@/lib/platform/db';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import { linesOf } from '@/lib/warehouse/ingest/evolve/flat-row';
import type { LogName } from '@/lib/warehouse/ingest/log/log';
import type { TableMode, Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import { ingestChunkBodies } from '@/lib/warehouse/ingest/tables';

const decompress = promisify(gunzip);

/** A table with rows on their way to it. */
export type WaitingTable = Target & {
  log: LogName;
  customerId: string;
  mode: TableMode;
  rowsPerHour: number;
  lastLoadedAt: Date | null;
  /** Until when it is left alone after a failure. */
  blockedUntil: Date | null;
  attempts: number;
  chunks: number;
  rows: number;
  /** Of the rows as text. */
  bytes: number;
  /** When the first of them came. */
  oldestAt: Date;
};

/** Rows of one table that wait. */
export type WaitingChunk = {
  chunkId: string;
  /** Types seen of each column. */
  columns: Record<string, ColumnType[]>;
  ndjson: string;
  rows: number;
};

/** The tables with chunks that wait, the one with the oldest first. */
export async function waitingTables(): Promise<WaitingTable[]> {
  const { rows } = await pool().query<WaitingTable>(`
    SELECT dataset, table_name AS "tableName", log, customer_id AS "customerId", mode, rows_per_hour AS "rowsPerHour",
      last_loaded_at AS "lastLoadedAt", blocked_until AS "blockedUntil", attempts, chunks, rows, bytes,
      oldest_at AS "oldestAt"
    FROM (
      SELECT dataset, table_name, count(*)::int AS chunks, sum(rows)::float8 AS rows, sum(bytes)::float8 AS bytes,
        min(created_at) AS oldest_at
      FROM ingest_chunks WHERE settled_at IS NULL GROUP BY dataset, table_name
    ) AS waiting
    JOIN ingest_tables USING (dataset, table_name)
    ORDER BY oldest_at`);
  return rows;
}

type ChunkRow = { chunk_id: string; columns: WaitingChunk['columns']; body: Buffer; rows: number };

/** The table's chunks that wait, the oldest first: at least one where there is one, else as many as fit `limits`. Changes nothing. */
export async function takeChunks(target: Target, limits: { rows: number; bytes: number }): Promise<WaitingChunk[]> {
  const { rows } = await pool().query<ChunkRow>(
    `SELECT chunk_id, columns, body, rows
     FROM (
       SELECT chunk_id, rows, row_number() OVER oldest_first AS place,
         sum(rows) OVER oldest_first AS rows_so_far, sum(bytes) OVER oldest_first AS bytes_so_far
       FROM ingest_chunks WHERE dataset = $1 AND table_name = $2 AND settled_at IS NULL
       WINDOW oldest_first AS (ORDER BY created_at, chunk_id)
     ) AS chunk
     JOIN ingest_chunk_bodies USING (chunk_id)
     WHERE place = 1 OR (rows_so_far <= $3 AND bytes_so_far <= $4)
     ORDER BY place`,
    [target.dataset, target.tableName, limits.rows, limits.bytes],
  );
  return Promise.all(
    rows.map(async row => ({
      chunkId: row.chunk_id,
      columns: row.columns,
      ndjson: (await decompress(row.body)).toString('utf8'),
      rows: row.rows,
    })),
  );
}

/** How many rows wait of a table. */
export async function waitingRows({ dataset, tableName }: Target): Promise<number> {
  const { rows } = await pool().query<{ rows: number }>(
    `SELECT coalesce(sum(rows), 0)::float8 AS rows FROM ingest_chunks
     WHERE dataset = $1 AND table_name = $2 AND settled_at IS NULL`,
    [dataset, tableName],
  );
  return rows[0]?.rows ?? 0;
}

/** Every row that waits of a table, as its line, chunk by chunk; rows that are loaded meanwhile may be left out. */
export async function* waitingLines({ dataset, tableName }: Target): AsyncGenerator<string> {
  const { rows } = await pool().query<{ chunk_id: string }>(
    `SELECT chunk_id FROM ingest_chunks WHERE dataset = $1 AND table_name = $2 AND settled_at IS NULL
     ORDER BY created_at, chunk_id`,
    [dataset, tableName],
  );
  for (const { chunk_id: chunkId } of rows) {
    const { rows: bodies } = await pool().query<{ body: Buffer }>(
      'SELECT body FROM ingest_chunk_bodies WHERE chunk_id = $1',
      [chunkId],
    );
    for (const { body } of bodies) yield* linesOf((await decompress(body)).toString('utf8'));
  }
}

/** Notes that each row of these chunks is loaded or set aside; their text goes. */
export async function settleChunks(tx: Tx, loadId: string, chunkIds: readonly string[]): Promise<void> {
  await tx.execute(sql`
    UPDATE ingest_chunks SET load_id = ${loadId}, settled_at = clock_timestamp()
    WHERE chunk_id = ANY(${sql.param([...chunkIds])}::text[]) AND settled_at IS NULL`);
  await tx.delete(ingestChunkBodies).where(inArray(ingestChunkBodies.chunkId, [...chunkIds]));
}
