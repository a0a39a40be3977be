/** When keys were last used: written in batches by uses.ts, told to BigQuery rarely. */
import { sql } from 'drizzle-orm';
import { keyRefs } from '@/lib/domains/keys/mirror';
import { type ApiKey, apiKeys } from '@/lib/domains/keys/tables';
import { enqueue } from '@/lib/kernel/outbox';
import { systemClock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';

/**
 * BigQuery hears of a key's use at most this often: each change rewrites a row by MERGE and makes the customer's
 * cached pages stale, and people ask "is it in use", not "to the second".
 */
export const mirrorEveryMs = 5 * 60_000;
const maxMirroredAtOnce = 500;

/** Writes when keys were last used, where that is later than what is stored; `noted` come in the order of their ids. */
export async function writeLastUses(tx: Tx, noted: readonly { id: string; at: Date }[]): Promise<void> {
  if (noted.length === 0) return;
  const uses = noted.map(({ id, at }) => ({ id, at: at.toISOString() }));
  const values = sql`jsonb_to_recordset(${JSON.stringify(uses)}::jsonb) AS u(id text, at timestamptz)`;
  for (const table of [sql`api_keys`, sql`service_keys`]) {
    await tx.execute(sql`
      WITH locked AS (
        SELECT k.api_key_id, u.at FROM ${table} k JOIN ${values} ON u.id = k.api_key_id
        WHERE k.last_used_at IS NULL OR k.last_used_at < u.at ORDER BY k.api_key_id FOR UPDATE OF k)
      UPDATE ${table} k SET last_used_at = locked.at FROM locked WHERE k.api_key_id = locked.api_key_id`);
  }
  await mirrorDue(tx, systemClock());
}

/** Sends on the uses of keys whose last word to BigQuery is missing or 5 minutes old. */
async function mirrorDue(tx: Tx, now: Date): Promise<number> {
  const due = new Date(now.getTime() - mirrorEveryMs).toISOString();
  const changed = await tx
    .update(apiKeys)
    .set({ lastUsedMirroredAt: sql`${apiKeys.lastUsedAt}` })
    .where(
      sql`${apiKeys.apiKeyId} IN (
        SELECT api_key_id FROM api_keys
        WHERE last_used_at IS DISTINCT FROM last_used_mirrored_at
          AND (last_used_mirrored_at IS NULL OR last_used_mirrored_at < ${due}::timestamptz)
        ORDER BY api_key_id LIMIT ${maxMirroredAtOnce} FOR UPDATE SKIP LOCKED)`,
    )
    .returning();
  await enqueue(tx, keyRefs(...(changed as ApiKey[])));
  return changed.length;
}

/** Sends on uses that no later use would carry along; a loop of the worker or a job of each minute. Answers how many keys. */
export async function mirrorLastUsed(now: Date = systemClock()): Promise<number> {
  let keys = 0;
  for (;;) {
    const sent = await db().transaction(tx => mirrorDue(tx, now));
    keys += sent;
    if (sent < maxMirroredAtOnce) return keys;
  }
}
