/** Calls of customers' keys by UTC day, and who made the latest: how they are gathered in process and written. */
import { sql } from 'drizzle-orm';
import { callersKept } from '@/lib/domains/keys/rules';
import type { StoredCall } from '@/lib/domains/keys/tables';
import { utcDay } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';

/** One answered call, as it was made with a key. */
export type KeyCall = Omit<StoredCall, 'at'> & { at: Date };

type Count = { calls: number; errors: number; firstMs: number; lastMs: number };

/** What one key did since the last flush: counts by day (days since 1970), and its latest calls, the last one last. */
export type Calls = { days: Map<number, Count>; latest: KeyCall[] };

const dayMs = 86_400_000;

export const newCalls = (): Calls => ({ days: new Map(), latest: [] });

/** Counts the call, and keeps who made it unless told not to. Answers whether one more caller is held than before. */
export function noteInto({ days, latest }: Calls, call: KeyCall, keepsCaller: boolean): boolean {
  const ms = call.at.getTime();
  const day = Math.floor(ms / dayMs);
  const count = days.get(day);
  const errors = call.status >= 400 ? 1 : 0;
  if (count) {
    count.calls += 1;
    count.errors += errors;
    if (ms < count.firstMs) count.firstMs = ms;
    if (ms > count.lastMs) count.lastMs = ms;
  } else {
    days.set(day, { calls: 1, errors, firstMs: ms, lastMs: ms });
  }
  if (!keepsCaller && latest.length < callersKept) return false;
  if (latest.push(call) <= callersKept) return true;
  latest.shift();
  return false;
}

/** Both together, the later ones' callers last. */
export function mergeCalls(earlier: Calls, later: Calls): Calls {
  const days = new Map(earlier.days);
  for (const [day, count] of later.days) {
    const known = days.get(day);
    days.set(
      day,
      known
        ? {
            calls: known.calls + count.calls,
            errors: known.errors + count.errors,
            firstMs: Math.min(known.firstMs, count.firstMs),
            lastMs: Math.max(known.lastMs, count.lastMs),
          }
        : count,
    );
  }
  return { days, latest: [...earlier.latest, ...later.latest].slice(-callersKept) };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * Adds calls to what is stored. A key that is gone (its customer was erased) is passed over, and its lock keeps an erasure
 * from missing a row that is being written.
 */
export async function writeCalls(tx: Tx, noted: readonly { id: string; calls: Calls }[]): Promise<void> {
  if (noted.length === 0) return;
  const days = noted.flatMap(({ id, calls }) =>
    [...calls.days].map(([day, { calls: made, errors, firstMs, lastMs }]) => ({
      id,
      day: utcDay(new Date(day * dayMs)),
      calls: made,
      errors,
      first_at: iso(firstMs),
      last_at: iso(lastMs),
    })),
  );
  const callers = noted.map(({ id, calls }) => ({
    id,
    latest: calls.latest.map(call => ({ ...call, at: call.at.toISOString() })).reverse(),
    last_at: calls.latest.at(-1)?.at.toISOString(),
  }));
  const ids = JSON.stringify(noted.map(({ id }) => id));
  await tx.execute(sql`
    WITH known AS MATERIALIZED (
      SELECT api_key_id, customer_id FROM api_keys
      WHERE api_key_id IN (SELECT jsonb_array_elements_text(${ids}::jsonb)) ORDER BY api_key_id FOR KEY SHARE),
    counted AS (
      INSERT INTO key_calls AS stored (api_key_id, customer_id, day, calls, errors, first_at, last_at)
      SELECT k.api_key_id, k.customer_id, d.day, d.calls, d.errors, d.first_at, d.last_at
      FROM known k JOIN jsonb_to_recordset(${JSON.stringify(days)}::jsonb)
        AS d(id text, day date, calls bigint, errors bigint, first_at timestamptz, last_at timestamptz) ON d.id = k.api_key_id
      ORDER BY k.api_key_id, d.day
      ON CONFLICT (api_key_id, day) DO UPDATE SET
        calls = stored.calls + EXCLUDED.calls, errors = stored.errors + EXCLUDED.errors,
        first_at = LEAST(stored.first_at, EXCLUDED.first_at), last_at = GREATEST(stored.last_at, EXCLUDED.last_at))
    INSERT INTO key_callers AS stored (api_key_id, customer_id, latest, last_at)
    SELECT k.api_key_id, k.customer_id, c.latest, c.last_at
    FROM known k JOIN jsonb_to_recordset(${JSON.stringify(callers)}::jsonb)
      AS c(id text, latest jsonb, last_at timestamptz) ON c.id = k.api_key_id
    ORDER BY k.api_key_id
    ON CONFLICT (api_key_id) DO UPDATE SET
      latest = (
        SELECT jsonb_agg(call ORDER BY call ->> 'at' DESC) FROM (
          SELECT call FROM jsonb_array_elements(EXCLUDED.latest || stored.latest) AS call
          ORDER BY call ->> 'at' DESC LIMIT ${sql.raw(String(callersKept))}) AS kept),
      last_at = GREATEST(stored.last_at, EXCLUDED.last_at)`);
}
