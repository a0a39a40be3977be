/** Calls and refused starts that no later change of their day would carry to BigQuery. */
import { sql } from 'drizzle-orm';
import { db } from '@/lib/platform/db';

/**
 * Tells the mirror of counted calls that have waited 5 minutes and refusals that have waited one; answers how many days
 * that were. Only the counter's day and the one before can still gain any.
 */
export async function mirrorCalls(now: Date): Promise<number> {
  const { rows } = await db().execute<{ days: number }>(sql`
    SELECT tell_calls(array_agg(day.usage_id), ${now.toISOString()}::timestamptz) AS days
    FROM quota_counters AS counter
    JOIN usage_days AS day
      ON day.usage_id IN (usage_id(counter.customer_id, counter.day), usage_id(counter.customer_id, counter.day - 1))
    WHERE day.calls_unmirrored <> 0 OR day.refused_unmirrored <> 0`);
  return rows[0]?.days ?? 0;
}
