/** Ends runs whose worker went silent; the worker process calls it every 5 seconds. Source: DESIGN 4, Quota. */
import { pool } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';

/** Fails runs with an overdue lease, of the customers owning the `limit` oldest; answers how many slots that freed. */
export async function reapOverdueLeases(limit = 200): Promise<number> {
  const { rows } = await pool().query<{ reaped: number }>('SELECT reap_overdue($1) AS reaped', [limit]);
  const reaped = rows[0]?.reaped ?? 0;
  if (reaped > 0) log().info({ reaped }, 'runs without a heartbeat were ended');
  return reaped;
}
