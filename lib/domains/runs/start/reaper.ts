/** Ends runs whose worker went silent, and those that nobody claimed; the worker process calls it every 5 seconds. Source: docs/architecture.md, Quota. */
import { pool } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';

/** Steps of one call; with the default limit 10,000 runs, so that a call ends well before the next is due. */
const maxSteps = 20;

/**
 * Fails runs with an overdue lease, oldest first, in transactions of at most `limit` runs; answers how many slots that
 * freed. What one call leaves the next one takes.
 */
export async function reapOverdueLeases(limit = 500): Promise<number> {
  let total = 0;
  for (let step = 0; step < maxSteps; step++) {
    const { rows } = await pool().query<{ reaped: number }>('SELECT reap_overdue($1) AS reaped', [limit]);
    const reaped = rows[0]?.reaped ?? 0;
    total += reaped;
    if (reaped < limit) break;
  }
  if (total > 0) log().info({ reaped: total }, 'runs without a heartbeat were ended');
  return total;
}

/** Cancels runs whose time to be claimed is over, in transactions of at most `limit`; answers how many. */
export async function expirePendingRuns(limit = 500): Promise<number> {
  const { rows } = await pool().query<{ expired: number }>('SELECT expire_pending($1) AS expired', [limit]);
  const expired = rows[0]?.expired ?? 0;
  if (expired > 0) log().info({ expired }, 'runs that nobody claimed were cancelled');
  return expired;
}
