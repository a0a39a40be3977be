/** Ends runs whose worker went silent; the worker process calls it every 5 seconds. Source: DESIGN 4, Quota. */
import { pool } from '@/lib/platform/db';

/** Fails runs with an overdue lease, of the customers owning the `limit` oldest; answers how many slots that freed. */
export async function reapOverdueLeases(limit = 200): Promise<number> {
  const { rows } = await pool().query<{ reaped: number }>('SELECT reap_overdue($1) AS reaped', [limit]);
  return rows[0]?.reaped ?? 0;
}
