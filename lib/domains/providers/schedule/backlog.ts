/** What waits of schedules, for health and metrics; apart from what makes the runs, so that every process can tell it. */
import { sql } from 'drizzle-orm';
import { db } from '@/lib/platform/db';

/** How many configs are due and have not been looked at, and for how many seconds the first has been. */
export async function scheduleBacklog(): Promise<{ due: number; lateSeconds: number }> {
  const { rows } = await db().execute<{ due: number; late: number }>(sql`
    SELECT count(*)::int AS due, coalesce(extract(epoch FROM clock_timestamp() - min(next_run_at)), 0)::float8 AS late
    FROM provider_configs WHERE next_run_at <= clock_timestamp()`);
  return { due: rows[0]?.due ?? 0, lateSeconds: rows[0]?.late ?? 0 };
}
