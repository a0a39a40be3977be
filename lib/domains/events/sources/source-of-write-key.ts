/** Whose a write key is, for each call at the door: kept for two seconds, so that a busy source costs no look-ups. */
import { LRUCache } from 'lru-cache';
import { isWriteKey } from '@/lib/domains/events/sources/write-key';
import { works } from '@/lib/domains/events/view';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { pool } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';

/** What the door needs of a source. */
export type DoorSource = {
  sourceId: string;
  customerId: string;
  isEnabled: boolean;
  redactsIp: boolean;
  /** Empty = all. */
  allowedOrigins: readonly string[];
  requestsPerSecond: number;
};

type Known = DoorSource & { revokedAt: Date | null; expiresAt: Date | null };
/** `null`: there is no such key. */
type Answer = { known: Known | null };

/** Also how long a change (off, deleted, revoked) may take to reach the other processes. */
const keptMs = 2_000;
/** A key's last use is written at most this often. */
const usedEveryMs = 60_000;

const state = () =>
  processWide('write-keys', () => ({
    found: new LRUCache<string, Answer>({ max: 20_000, ttl: keptMs }),
    /** By themselves, so that somebody who guesses keys pushes out no sound one. */
    unknown: new LRUCache<string, Answer>({ max: 20_000, ttl: keptMs }),
    asked: new Map<string, Promise<Answer>>(),
  }));

type Row = Known & { lastUsedAt: Date | null };

const statement = `
  SELECT s.source_id AS "sourceId", s.customer_id AS "customerId", s.is_enabled AS "isEnabled", s.redacts_ip AS "redactsIp",
    s.allowed_origins AS "allowedOrigins", s.requests_per_second AS "requestsPerSecond",
    k.revoked_at AS "revokedAt", k.expires_at AS "expiresAt", k.last_used_at AS "lastUsedAt"
  FROM event_write_keys k JOIN event_sources s ON s.source_id = k.source_id
  WHERE k.write_key = $1 AND s.deleted_at IS NULL`;

const useStatement = `UPDATE event_write_keys SET last_used_at = $2
  WHERE write_key = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 minute')`;

/** Nobody waits for it, and a use that is not written is written with the next look-up. */
function noteUse(writeKey: string, lastUsedAt: Date | null, now: Date): void {
  if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < usedEveryMs) return;
  pool()
    .query({ name: 'use-write-key', text: useStatement, values: [writeKey, now] })
    .catch(error => log().warn({ err: error }, 'the last use of a write key was not written'));
}

async function ask(writeKey: string, now: Date): Promise<Answer> {
  const { rows } = await pool().query<Row>({ name: 'find-write-key', text: statement, values: [writeKey] });
  const [row] = rows;
  if (!row) return { known: null };
  const { lastUsedAt, ...known } = row;
  if (works(known, now)) noteUse(writeKey, lastUsedAt, now);
  return { known };
}

/** One question a key at a time, however many calls wait for it. */
function askOnce(writeKey: string, now: Date): Promise<Answer> {
  const { asked, found, unknown } = state();
  const running = asked.get(writeKey);
  if (running) return running;
  const question = ask(writeKey, now)
    .then(answer => {
      (answer.known ? found : unknown).set(writeKey, answer);
      return answer;
    })
    .finally(() => asked.delete(writeKey));
  asked.set(writeKey, question);
  return question;
}

/**
 * The source that a write key sends to, also one that is off; null for a key that is unknown, revoked, past its overlap or of
 * a deleted source. At most 2 s old. Throws where Postgres is down.
 */
export async function sourceOfWriteKey(writeKey: string, clock: Clock = systemClock): Promise<DoorSource | null> {
  if (!isWriteKey(writeKey)) return null;
  const { found, unknown } = state();
  const kept = found.get(writeKey) ?? unknown.get(writeKey);
  const { known } = kept ?? (await askOnce(writeKey, clock()));
  return known && works(known, clock()) ? known : null;
}

/** Makes a change of a source hold in this process from the next call on. */
export function forgetSource(sourceId: string): void {
  const { found, asked } = state();
  for (const [writeKey, { known }] of found.entries()) if (known?.sourceId === sourceId) found.delete(writeKey);
  asked.clear();
}
