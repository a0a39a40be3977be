/** When keys were last used: counted in process, written in batches, told to BigQuery rarely. */
import { sql } from 'drizzle-orm';
import { keyRefs } from '@/lib/domains/keys/mirror';
import { type ApiKey, apiKeys } from '@/lib/domains/keys/tables';
import { enqueue } from '@/lib/kernel/outbox';
import { systemClock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';

const flushEveryMs = 2_000;
/**
 * BigQuery hears of a key's use at most this often: each change rewrites a row by MERGE and makes the customer's
 * cached pages stale, and people ask "is it in use", not "to the second".
 */
export const mirrorEveryMs = 5 * 60_000;
const maxMirroredAtOnce = 500;

type Pending = { usedAt: Map<string, number>; timer: NodeJS.Timeout | undefined; flushing: Promise<void> };
const pending = () =>
  processWide('keys-last-used', (): Pending => ({ usedAt: new Map(), timer: undefined, flushing: Promise.resolve() }));

/**
 * Notes one successful authentication of a key. Costs no query; a process that is killed loses at most 2 s.
 * Source: docs/spec/requirements.md, M-21.
 */
export function touchKey(keyId: string, at: Date): void {
  const state = pending();
  const known = state.usedAt.get(keyId);
  if (known === undefined || known < at.getTime()) state.usedAt.set(keyId, at.getTime());
  state.timer ??= setTimeout(() => {
    state.timer = undefined;
    flushLastUsed().catch(error => log().warn({ err: error }, 'the last use of keys was not written'));
  }, flushEveryMs).unref();
}

/** Writes what touchKey has noted; part of a drain. What cannot be written stays noted for the next flush. */
export function flushLastUsed(): Promise<void> {
  const state = pending();
  state.flushing = state.flushing.catch(() => undefined).then(writeNoted);
  return state.flushing;
}

async function writeNoted(): Promise<void> {
  const state = pending();
  if (state.usedAt.size === 0) return;
  const noted = state.usedAt;
  state.usedAt = new Map();
  try {
    await db().transaction(tx => writeUses(tx, noted));
  } catch (error) {
    for (const [keyId, at] of noted) touchKey(keyId, new Date(at));
    throw error;
  }
}

async function writeUses(tx: Tx, noted: Map<string, number>): Promise<void> {
  // In the order of ids, so that two processes flushing the same keys cannot wait for one another.
  const uses = [...noted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, at]) => ({ id, at: new Date(at).toISOString() }));
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
