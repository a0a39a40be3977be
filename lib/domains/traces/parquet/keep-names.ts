/** Rows of spans that come again without the session or the developer of their trace keep what is known of them. */
import type { DuckDb } from '@/lib/platform/duckdb';

/** Rows whose names may be those of their trace, which are no part of the hash. */
const nameless = "lines.source = 'otlp' AND (lines.session_id IS NULL OR lines.developer_id IS NULL)";

/** Whether the table `lines` has such rows. */
export async function hasNameless(database: DuckDb): Promise<boolean> {
  const found = await database.rows(`SELECT 1 FROM lines WHERE ${nameless} LIMIT 1`);
  return found.length > 0;
}

/** Fills them by the rows of the same hash of a SELECT; the last by its column `place` counts. */
export const keepNames = (database: DuckDb, select: string): Promise<void> =>
  database.run(
    `UPDATE lines SET
       session_id = coalesce(lines.session_id, known.session_id),
       developer_id = coalesce(lines.developer_id, known.developer_id)
     FROM (
       SELECT trace_hash, max_by(session_id, place) AS session_id, max_by(developer_id, place) AS developer_id
       FROM (${select}) WHERE source = 'otlp' GROUP BY trace_hash
     ) AS known
     WHERE known.trace_hash = lines.trace_hash AND ${nameless}`,
  );
