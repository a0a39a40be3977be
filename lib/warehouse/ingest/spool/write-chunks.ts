/** Writes what a consumer made of the log, in the transaction that moves its position. */
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { sql } from 'drizzle-orm';
import type { Tx } from '@/lib/platform/db';
import type { NewChunk } from '@/lib/warehouse/ingest/spool/new-chunk';

const compress = promisify(gzip);
/** NDJSON shrinks to about an eighth by the fastest level already. */
const level = constants.Z_BEST_SPEED;

/** Two consumers that meet new tables at once must insert them in one order, or they wait for each other. */
const byTable = (one: NewChunk, other: NewChunk) =>
  one.dataset.localeCompare(other.dataset) || one.tableName.localeCompare(other.tableName);

/** Stores the chunks and the tables that they name for the first time. */
export async function writeChunks(tx: Tx, given: readonly NewChunk[]): Promise<void> {
  if (given.length === 0) return;
  const chunks = [...given].sort(byTable);
  const bodies = await Promise.all(chunks.map(({ ndjson }) => compress(ndjson, { level })));
  const column = <Key extends keyof NewChunk>(key: Key) => sql.param(chunks.map(chunk => chunk[key]));
  const bytes = sql.param(chunks.map(({ ndjson }) => Buffer.byteLength(ndjson)));
  const columns = sql.param(chunks.map(chunk => JSON.stringify(chunk.columns)));
  await tx.execute(sql`
    INSERT INTO ingest_tables (dataset, table_name, log, customer_id, mode)
    SELECT unnest(${column('dataset')}::text[]), unnest(${column('tableName')}::text[]), unnest(${column('log')}::text[]),
      unnest(${column('customerId')}::text[]), unnest(${column('mode')}::text[])
    ON CONFLICT DO NOTHING`);
  await tx.execute(sql`
    INSERT INTO ingest_chunks (chunk_id, log, dataset, table_name, rows, bytes)
    SELECT unnest(${column('chunkId')}::text[]), unnest(${column('log')}::text[]), unnest(${column('dataset')}::text[]),
      unnest(${column('tableName')}::text[]), unnest(${column('rows')}::int[]), unnest(${bytes}::int[])`);
  await tx.execute(sql`
    INSERT INTO ingest_chunk_bodies (chunk_id, columns, body)
    SELECT unnest(${column('chunkId')}::text[]), unnest(${columns}::jsonb[]), unnest(${sql.param(bodies)}::bytea[])`);
}
