/** Takes rows out of a chunk that still waits, in the transaction that says what became of them. */
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { eq } from 'drizzle-orm';
import type { Tx } from '@/lib/platform/db';
import { splitLines } from '@/lib/warehouse/ingest/load/batch';
import { ingestChunkBodies, ingestChunks } from '@/lib/warehouse/ingest/tables';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Puts other rows in the place of those that the chunk has; it waits again. */
export async function replaceRows(tx: Tx, chunkId: string, ndjson: string, rows: number): Promise<void> {
  const body = await compress(ndjson, { level: constants.Z_BEST_SPEED });
  await tx.update(ingestChunkBodies).set({ body }).where(eq(ingestChunkBodies.chunkId, chunkId));
  await tx
    .update(ingestChunks)
    .set({ rows, bytes: Buffer.byteLength(ndjson), loadId: null })
    .where(eq(ingestChunks.chunkId, chunkId));
}

/** Takes the first `count` rows away. Throws where the chunk's rows are gone. */
export async function cutChunk(tx: Tx, chunkId: string, count: number): Promise<void> {
  const [row] = await tx
    .select({ body: ingestChunkBodies.body, rows: ingestChunks.rows })
    .from(ingestChunkBodies)
    .innerJoin(ingestChunks, eq(ingestChunks.chunkId, ingestChunkBodies.chunkId))
    .where(eq(ingestChunkBodies.chunkId, chunkId));
  if (!row) throw new Error(`the rows of the chunk ${chunkId} are gone`);
  const [, rest] = splitLines((await decompress(row.body)).toString('utf8'), count);
  await replaceRows(tx, chunkId, rest, row.rows - count);
}
