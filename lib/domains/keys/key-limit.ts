/** How many active keys a customer may have: 50, unless support gave it another number. Decided under the customer's lock. */
import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { setKeyLimitInput } from '@/lib/domains/keys/input';
import { defaultMaxActiveKeys } from '@/lib/domains/keys/rules';
import { apiKeyLimits, apiKeys } from '@/lib/domains/keys/tables';
import { defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import type { Db, Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type KeyCount = {
  /** Keys that work and have not been replaced. */
  active: number;
  /** Replaced keys in the grace of their rotation: they work too, and may be as many again. */
  inGrace: number;
  limit: number;
};

async function limitOf(tx: Tx | Db, customerId: string): Promise<number> {
  const [own] = await tx
    .select({ limit: apiKeyLimits.maxActiveKeys })
    .from(apiKeyLimits)
    .where(eq(apiKeyLimits.customerId, customerId));
  return own?.limit ?? defaultMaxActiveKeys;
}

/**
 * Locks the customer's row until the end of `tx` and counts its keys; two at once see one another. Call it before a key
 * of the customer is locked. Throws AppError not_found.
 */
export async function lockKeyCount(tx: Tx, customerId: string, now: Date): Promise<KeyCount> {
  const [customer] = await tx
    .select({ id: customers.customerId })
    .from(customers)
    .where(eq(customers.customerId, customerId))
    .for('update');
  if (!customer) throw new AppError('not_found', 'There is no such customer.');
  return countKeys(tx, customerId, now);
}

/** The customer's keys without a lock: what a caller can be refused by before anything is made for it. */
export async function countKeys(tx: Tx | Db, customerId: string, now: Date): Promise<KeyCount> {
  const works = and(eq(apiKeys.isActive, true), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)));
  const [count] = await tx
    .select({
      active: sql<number>`count(*) FILTER (WHERE ${isNull(apiKeys.replacedBy)})::int`,
      inGrace: sql<number>`count(${apiKeys.replacedBy})::int`,
    })
    .from(apiKeys)
    .where(and(eq(apiKeys.customerId, customerId), works));
  return { active: count?.active ?? 0, inGrace: count?.inGrace ?? 0, limit: await limitOf(tx, customerId) };
}

const refusal = (message: string, { active, inGrace, limit }: KeyCount) =>
  new AppError('conflict', message, {
    details: { active_keys: active, keys_in_grace: inGrace, max_active_keys: limit },
  });

/** Throws AppError conflict where another active key would be too many. */
export function requireFreeKey(count: KeyCount): void {
  if (count.active < count.limit) return;
  throw refusal(`${count.active} of ${count.limit} API keys are active. Revoke one, or ask support for more.`, count);
}

/**
 * Throws AppError conflict where a rotation would leave too many keys at work: its overlap does not count against the
 * limit, so that a full customer can rotate, but no more old keys are in their grace at once than keys may be active.
 */
export function requireRoomForGrace(count: KeyCount): void {
  if (count.inGrace < count.limit) return;
  const message = `${count.inGrace} rotated keys still work for their grace period. End one, or let the old key stop now.`;
  throw refusal(message, count);
}

/** Staff set how many active keys a customer may have; keys beyond a lower number go on. AppError not_found. */
export const setKeyLimit = defineCommand({
  name: 'api_key.set_limit',
  permission: 'staff:write',
  input: setKeyLimitInput,
  run: async ({ ctx, tx, input }) => {
    const { customerId } = requireCustomer(ctx);
    const { limit } = await lockKeyCount(tx, customerId, ctx.clock());
    const result = { max_active_keys: input.max_active_keys };
    if (limit === input.max_active_keys) return { result, unchanged: true };
    const columns = {
      maxActiveKeys: input.max_active_keys,
      updatedBy: actorLabel(ctx.actor),
      updatedAt: ctx.clock(),
    };
    await tx
      .insert(apiKeyLimits)
      .values({ customerId, ...columns })
      .onConflictDoUpdate({ target: apiKeyLimits.customerId, set: columns });
    const target = { type: 'customer', id: customerId };
    return { result, target, before: { max_active_keys: limit }, after: result, mirror: [] };
  },
});
