/** The hashes of the chain. What is hashed is JSON in its canonical form (RFC 8785), so that both stores' ways of writing it do not matter. */
import { createHash, createHmac } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ChatEvent } from '@/lib/domains/agent-log/events';

/** The hash before the first row. */
export const noHash = '0'.repeat(64);

/** A row of `chat_event_chain`. */
export type ChainRow = {
  sequence: number;
  /** UTC with six digits of a second, as event_timestamp. */
  recorded_at: string;
  kind: 'event' | 'erasure';
  /** Null for an erasure, as is its time. */
  event_id: string | null;
  event_timestamp: string | null;
  user_ref: string;
  content_hash: string;
  previous_hash: string;
  chain_hash: string;
};

const sha256 = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('this is no JSON');
  return text;
}

/** Salt of one event, by which its hash can be told without telling that of others of its user. */
export const eventSalt = (userSalt: Buffer, eventId: string): Buffer =>
  createHmac('sha256', userSalt).update(eventId).digest();

/** Hash of an event's row under its salt. Throws where the row holds what no JSON can. */
export const eventHash = (salt: Buffer, event: ChatEvent): string => {
  const { event_id, event_timestamp, session_id, user_id, event_type, content, metadata, client_info } = event;
  const row = { event_id, event_timestamp, session_id, user_id, event_type, content, metadata, client_info };
  return sha256(salt, canonical(row));
};

/** What an erasure's row in the chain says. */
export type ErasureStatement = { erasure_id: string; user_ref: string; requested_at: string };

/** Hash of an erasure's statement. */
export const statementHash = ({ erasure_id, user_ref, requested_at }: ErasureStatement): string =>
  sha256(canonical({ erasure_id, user_ref, requested_at }));

/** Hash of a row of the chain: of all its other columns, the hash of the row before among them. */
export function chainHash(row: Omit<ChainRow, 'chain_hash'>): string {
  const { sequence, recorded_at, kind, event_id, event_timestamp, user_ref, content_hash, previous_hash } = row;
  return sha256(
    canonical({ sequence, recorded_at, kind, event_id, event_timestamp, user_ref, content_hash, previous_hash }),
  );
}
