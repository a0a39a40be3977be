/** The file that holds a session and the proof of it, as it is written and read. */
import { z } from 'zod';
import type { ChainRow } from '@/lib/domains/agent-log/chain/hashes';
import type { ChatEvent } from '@/lib/domains/agent-log/events';
import { eventTypes } from '@/lib/domains/agent-log/rules';

const hash = z.string().regex(/^[\da-f]{64}$/);

const chainRow = z.strictObject({
  sequence: z.int().min(1),
  recorded_at: z.string(),
  kind: z.enum(['event', 'erasure']),
  event_id: z.string().nullable(),
  event_timestamp: z.string().nullable(),
  user_ref: z.string(),
  content_hash: hash,
  previous_hash: hash,
  chain_hash: hash,
}) satisfies z.ZodType<ChainRow>;

const jsonObject = z.record(z.string(), z.json());

const event = z.strictObject({
  event_id: z.string(),
  event_timestamp: z.string(),
  session_id: z.string(),
  user_id: z.string(),
  event_type: z.enum(eventTypes),
  content: z.json(),
  metadata: jsonObject.nullable(),
  client_info: jsonObject.nullable(),
}) satisfies z.ZodType<ChatEvent>;

export const proofFormat = 'tenantry-agent-log-proof-1';

export const proofFile = z.strictObject({
  format: z.literal(proofFormat),
  how_to_verify: z.array(z.string()),
  customer_id: z.string(),
  session_id: z.string(),
  exported_at: z.iso.datetime(),
  /** Each event as it is kept, the number of its row in the chain, and the salt of its hash (hex); none where its user was erased. */
  events: z.array(z.strictObject({ sequence: z.int().min(1), salt: hash.nullable(), event })).min(1),
  /** All rows of the chain from the session's first to the last checkpoint below, or only those of the session. */
  chain: z.array(chainRow),
  chain_is_complete: z.boolean(),
  checkpoints: z.array(
    z.strictObject({
      day: z.iso.date(),
      sequence: z.int().min(1),
      /** JSON text, sealed by Cloud KMS as it stands. */
      statement: z.string(),
      /** Base64. */
      seal: z.base64(),
    }),
  ),
});
export type ProofFile = z.output<typeof proofFile>;

export const howToVerify = [
  'Canonical JSON is that of RFC 8785; hashes are SHA-256 in hexadecimal digits.',
  'An event is as it was recorded where the hash of its salt’s bytes followed by the canonical JSON of `event` is the content_hash of the row of `chain` with its number. Without a salt its user was erased: its content is gone, and the hash says no more.',
  'A row of `chain` is sound where the hash of the canonical JSON of its other columns is its chain_hash, and its previous_hash is the chain_hash of the row before.',
  'A checkpoint holds where the chain_hash in its statement is that of the row with its number. Its seal is by the operator’s Cloud KMS: who runs Tenantry checks it by `npm run cli -- agent-log verify --file <this file>`.',
];
