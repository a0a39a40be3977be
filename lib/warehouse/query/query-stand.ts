/** How the copies in BigQuery stand for one reader: versions of the tables, and which changes they have not got. */
import { pool } from '@/lib/platform/db';

export type Stand = {
  /** `<table>=<version>` of each table that was ever written for this reader. */
  versions: string;
  /** Since when a change to these tables waits for the mirror; null when none does. */
  pendingSince: Date | null;
  /** Keys of the rows that wait of those tables whose changes are laid over. */
  waiting: string[];
};

/** Most rows of one customer that are laid over one answer. */
export const maxLaidOver = 500;

// One statement, because the mirror raises a version and forgets what waited in one transaction.
const statement = `
  SELECT
    (SELECT string_agg(table_name || '=' || version, ',' ORDER BY table_name) FROM data_versions
      WHERE table_name = ANY($1) AND customer_id = $2) AS versions,
    (SELECT min(created_at) FROM outbox WHERE mirror = ANY($1) AND customer_id = $2) AS pending_since,
    ARRAY(SELECT DISTINCT key FROM outbox WHERE mirror = ANY($3) AND customer_id = $2 LIMIT ${maxLaidOver}) AS waiting`;

type Row = { versions: string | null; pending_since: Date | null; waiting: string[] };

/** The stand of these tables for the customer ('' for staff); `overlaid` are those whose waiting keys are asked for. */
export async function readStand(tables: string[], customerId: string, overlaid: readonly string[]): Promise<Stand> {
  const { rows } = await pool().query<Row>({
    name: 'query-stand',
    text: statement,
    values: [tables, customerId, overlaid],
  });
  const [row] = rows;
  return {
    versions: row?.versions ?? '',
    pendingSince: row?.pending_since ?? null,
    waiting: row?.waiting ?? [],
  };
}
