/** What the key commands share: finding a caller's key, making and sealing a new one, answering a double click. */
import { and, eq } from 'drizzle-orm';
import { newKeyText } from '@/lib/domains/keys/key-format';
import { type RateTier, rateTiers } from '@/lib/domains/keys/rules';
import { type ApiKey, apiKeys, serviceKeys } from '@/lib/domains/keys/tables';
import { actorLabel, type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { beyondCaller } from '@/lib/kernel/grants';
import type { Permission } from '@/lib/kernel/permissions';
import { open, type SealedPlace, seal } from '@/lib/kernel/sealing';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';
import { Secret } from '@/lib/platform/log';

/** A repeat of the same submission within this time is a double click and gets the same answer. */
const doubleClickMs = 10_000;

export const sealedPlace = (customerId: string, apiKeyId: string): SealedPlace => ({
  customerId,
  table: 'api_keys',
  column: 'encrypted_api_key',
  id: apiKeyId,
});

/** The caller's own key, locked; a foreign or unknown id is not_found. */
export async function lockKey(tx: Tx, ctx: Ctx, apiKeyId: string): Promise<ApiKey> {
  const mine = and(eq(apiKeys.customerId, requireCustomer(ctx).customerId), eq(apiKeys.apiKeyId, apiKeyId));
  const [key] = await tx.select().from(apiKeys).where(mine).for('update');
  if (!key) throw new AppError('not_found', 'There is no such API key.');
  return key;
}

/** Refuses to give a key what its maker lacks: an API key with keys:write must not mint a stronger one. */
export function refuseBeyondCaller(ctx: Ctx, scopes: readonly string[]): void {
  const missing = beyondCaller(ctx, scopes as Permission[]);
  if (missing.length === 0) return;
  const code = ctx.actor.type === 'user' ? 'forbidden' : 'insufficient_scope';
  throw new AppError(code, `You cannot give a key what you may not do yourself: ${missing.join(', ')}.`, {
    fields: [{ path: 'scopes', message: `You lack ${missing.join(', ')}.` }],
  });
}

/** The rate tier of the key that calls; null for people and the system, who are not bound by one. */
async function tierOfCaller({ actor }: Ctx, store: Tx | ReturnType<typeof db>): Promise<RateTier | null> {
  if (actor.type !== 'api_key' && actor.type !== 'service') return null;
  const table = actor.type === 'service' ? serviceKeys : apiKeys;
  const [key] = await store.select({ tier: table.rateLimitTier }).from(table).where(eq(table.apiKeyId, actor.id));
  return (key?.tier as RateTier | undefined) ?? 'STANDARD';
}

/** Refuses to give a key a higher rate than the key that makes it has. AppError insufficient_scope. */
export async function refuseTierBeyondCaller(
  ctx: Ctx,
  tier: RateTier,
  store: Tx | ReturnType<typeof db> = db(),
): Promise<void> {
  const own = await tierOfCaller(ctx, store);
  if (own === null || rateTiers.indexOf(tier) <= rateTiers.indexOf(own)) return;
  const message = `A key of the tier ${own} cannot give ${tier}.`;
  throw new AppError('insufficient_scope', message, { fields: [{ path: 'rate_limit_tier', message }] });
}

export type NewKey = Pick<ApiKey, 'apiKeyId' | 'apiKeyHash' | 'encryptedApiKey' | 'keyPrefix' | 'keyLast4'> & {
  secret: Secret;
};

/** A new key, sealed; calls KMS, so it belongs into a command's `prepare`. */
export async function makeKey(ctx: Ctx): Promise<NewKey> {
  const apiKeyId = newUuid();
  const { secret, hash, prefix, last4 } = newKeyText('customer');
  const encryptedApiKey = await seal(secret.reveal(), sealedPlace(requireCustomer(ctx).customerId, apiKeyId));
  return { apiKeyId, apiKeyHash: hash, encryptedApiKey, keyPrefix: prefix, keyLast4: last4, secret };
}

/** The key an earlier submission of the same form made; undefined when this is the first. */
export async function keyOfRequest(ctx: Ctx, token: string | undefined, store: Tx | ReturnType<typeof db> = db()) {
  if (!token) return undefined;
  const same = and(eq(apiKeys.customerId, requireCustomer(ctx).customerId), eq(apiKeys.requestToken, token));
  const [key] = await store.select().from(apiKeys).where(same);
  return key;
}

/** The secret again, for a double click by the same person; later it is gone for good. */
export async function secretForRepeat(ctx: Ctx, key: ApiKey): Promise<Secret> {
  const isDoubleClick = ctx.clock().getTime() - key.createdAt.getTime() <= doubleClickMs;
  if (!isDoubleClick || key.createdBy !== actorLabel(ctx.actor) || !key.isActive) {
    throw new AppError('conflict', 'The key is no longer available. If you did not store it, rotate it.', {
      details: { api_key_id: key.apiKeyId },
    });
  }
  const opened = await open(key.encryptedApiKey, sealedPlace(key.customerId, key.apiKeyId));
  return new Secret(opened.toString('utf8'));
}
