/** What waits between a sender's 200 and BigQuery: entries of logs that a consumer has not taken, and chunks of the spool. */
import { pool } from '@/lib/platform/db';
import { appenderName } from '@/lib/warehouse/ingest/log/shard-session';

export type Backlog = {
  log: {
    /** Entries that some consumer has not taken. */
    entries: number;
    /** Age of the first of them; 0 where there is none. */
    oldestSeconds: number;
  };
  spool: {
    rows: number;
    /** Tables that these rows go to, and how many of them cannot be written now. */
    tables: number;
    blocked: number;
    oldestSeconds: number;
  };
};

/** The furthest behind of a log's consumers counts; a log that nobody has ever read waits as a whole. */
const statement = `
  WITH unsettled AS (
    SELECT log, shard, (
      SELECT coalesce(min(coalesce(place.position, 0)), 0)
      FROM (SELECT DISTINCT consumer FROM ingest_positions WHERE log = shards.log AND consumer <> $1) AS known
      LEFT JOIN ingest_positions AS place
        ON place.log = shards.log AND place.shard = shards.shard AND place.consumer = known.consumer
    ) AS settled
    FROM ingest_positions AS shards WHERE consumer = $1
  ), ends AS (
    SELECT first.appended_at, last.position - first.position + 1 AS entries
    FROM unsettled
    CROSS JOIN LATERAL (
      SELECT position, appended_at FROM ingest_log AS entry
      WHERE entry.log = unsettled.log AND entry.shard = unsettled.shard AND position > settled
      ORDER BY position LIMIT 1
    ) AS first
    CROSS JOIN LATERAL (
      SELECT position FROM ingest_log AS entry
      WHERE entry.log = unsettled.log AND entry.shard = unsettled.shard ORDER BY position DESC LIMIT 1
    ) AS last
  ), spooled AS (
    SELECT dataset, table_name, sum(rows) AS rows, min(created_at) AS created_at
    FROM ingest_chunks WHERE settled_at IS NULL GROUP BY dataset, table_name
  )
  SELECT coalesce(sum(entries), 0)::float8 AS entries,
    coalesce(extract(epoch FROM clock_timestamp() - min(appended_at)), 0)::float8 AS log_seconds,
    (SELECT coalesce(sum(rows), 0)::float8 FROM spooled) AS rows,
    (SELECT count(*)::int FROM spooled) AS tables,
    (SELECT count(*)::int FROM spooled JOIN ingest_tables USING (dataset, table_name)
     WHERE blocked_until > clock_timestamp()) AS blocked,
    (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 FROM spooled) AS spool_seconds
  FROM ends`;

type Row = {
  entries: number;
  log_seconds: number;
  rows: number;
  tables: number;
  blocked: number;
  spool_seconds: number;
};

/** Of all logs together. */
export async function ingestBacklog(): Promise<Backlog> {
  const { rows } = await pool().query<Row>(statement, [appenderName]);
  const [row] = rows;
  if (!row) throw new Error('Postgres answered no backlog');
  return {
    log: { entries: row.entries, oldestSeconds: Math.max(0, row.log_seconds) },
    spool: {
      rows: row.rows,
      tables: row.tables,
      blocked: row.blocked,
      oldestSeconds: Math.max(0, row.spool_seconds),
    },
  };
}
