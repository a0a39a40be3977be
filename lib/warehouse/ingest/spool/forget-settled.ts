/** Forgets what is told of rows that were settled long ago: their chunks, the loads that brought them, refused rows that were replayed. */
import { sql } from 'drizzle-orm';
import { db } from '@/lib/platform/db';

/** Rows of one statement, so that none runs long. */
const atOnce = 5_000;

/** The rows of `table` for which `condition` holds; neither is anybody's input. */
async function deleteAll(table: string, condition: string, before: Date): Promise<number> {
  let gone = 0;
  for (let some = atOnce; some === atOnce; gone += some) {
    const { rowCount } = await db().execute(sql`
      DELETE FROM ${sql.raw(table)} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ${sql.raw(table)} WHERE ${sql.raw(condition)} < ${before.toISOString()} LIMIT ${atOnce}))`);
    some = rowCount ?? 0;
  }
  return gone;
}

/**
 * Deletes what was settled before `before`; what waits, is under way or was refused and not replayed stays. Answers how many
 * chunks and loads went.
 */
export async function forgetSettled(before: Date): Promise<{ chunks: number; loads: number }> {
  const chunks = await deleteAll('ingest_chunks', 'settled_at', before);
  const loads = await deleteAll('ingest_loads', "state <> 'SENDING' AND ended_at", before);
  await deleteAll('ingest_dead_rows', 'replayed_at', before);
  return { chunks, loads };
}
