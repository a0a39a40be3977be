/** Secrets by which GitHub signs its webhooks of a repository: ours, random, sealed; opened at most once in five minutes a process. */
import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { open, type SealedPlace, seal } from '@/lib/kernel/sealing';
import { Secret } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';

const placeOf = (customerId: string, repositoryId: string): SealedPlace => ({
  customerId,
  table: 'repositories',
  column: 'webhook_secret',
  id: repositoryId,
});

export type SealedSecret = { secret: Secret; sealed: Buffer };

/** A new secret and what is stored of it. Calls KMS: before the transaction. AppError key_service_unavailable. */
export async function newWebhookSecret(customerId: string, repositoryId: string): Promise<SealedSecret> {
  const text = randomBytes(32).toString('hex');
  return { secret: new Secret(text), sealed: await seal(text, placeOf(customerId, repositoryId)) };
}

type Sealed = { customerId: string; repositoryId: string; webhookSecret: Buffer };

const opened = () =>
  processWide('webhook-secrets', () => new LRUCache<string, Secret>({ max: 1_000, ttl: 5 * 60_000 }));

/** The secret in the clear; a new one is another key of the cache. Calls KMS at times. AppError key_service_unavailable. */
export async function openWebhookSecret({ customerId, repositoryId, webhookSecret }: Sealed): Promise<Secret> {
  const key = createHash('sha256').update(webhookSecret).digest('hex');
  const known = opened().get(key);
  if (known) return known;
  const secret = new Secret((await open(webhookSecret, placeOf(customerId, repositoryId))).toString('utf8'));
  opened().set(key, secret);
  return secret;
}
