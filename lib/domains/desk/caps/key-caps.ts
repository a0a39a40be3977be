/** What single keys may bill a query, at most what the customer's queries may. */
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { keyCapOf, keyLine, limitsOf } from '@/lib/domains/desk/caps/caps';
import { keyCapInput } from '@/lib/domains/desk/input';
import { deskKeyCaps } from '@/lib/domains/desk/tables';
import { apiKeys } from '@/lib/domains/keys/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import { invalidInput } from '@/lib/kernel/input';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type KeyCap = {
  api_key_id: string;
  name: string;
  key_prefix: string;
  /** Null where the customer's cap is the key's. */
  max_bytes_per_query: number | null;
};

const deskKeys = (customerId: string) =>
  and(eq(apiKeys.customerId, customerId), eq(apiKeys.isActive, true), sql`'desk:query' = ANY(${apiKeys.scopes})`);

const shown = { api_key_id: apiKeys.apiKeyId, name: apiKeys.keyName, key_prefix: apiKeys.keyPrefix };

/**
 * Gives a key a cap of its own or takes it away, with those that it had from keys it replaced.
 * AppError not_found for what is no key of the customer that may query, invalid_input beyond the customer's cap.
 */
export const setKeyCap = defineCommand({
  name: 'desk.set_key_cap',
  permission: 'desk:manage',
  input: keyCapInput,
  run: async ({ ctx, tx, input }): Promise<Change<KeyCap>> => {
    const { customerId } = requireCustomer(ctx);
    await lockCustomer(tx, customerId);
    const { api_key_id: apiKeyId, max_bytes_per_query: bytes } = input;
    const [key] = await tx
      .select(shown)
      .from(apiKeys)
      .where(and(deskKeys(customerId), eq(apiKeys.apiKeyId, apiKeyId)));
    if (!key) throw new AppError('not_found', 'There is no active API key of this id that may query.');
    const { maxBytesPerQuery } = await limitsOf(tx, customerId);
    if (bytes !== null && bytes > maxBytesPerQuery) {
      const message = `The most is ${maxBytesPerQuery.toLocaleString('en-US')} bytes, as for all queries.`;
      throw invalidInput([{ path: 'max_bytes_per_query', message }]);
    }
    const before: KeyCap = { ...key, max_bytes_per_query: await keyCapOf(tx, customerId, apiKeyId) };
    const after: KeyCap = { ...key, max_bytes_per_query: bytes };
    if (before.max_bytes_per_query === bytes) return { result: after, unchanged: true };
    if (bytes === null) {
      await tx.delete(deskKeyCaps).where(inArray(deskKeyCaps.apiKeyId, await keyLine(tx, customerId, apiKeyId)));
    } else {
      const columns = { maxBytesPerQuery: bytes, updatedAt: ctx.clock(), updatedBy: actorLabel(ctx.actor) };
      await tx
        .insert(deskKeyCaps)
        .values({ apiKeyId, customerId, ...columns })
        .onConflictDoUpdate({ target: deskKeyCaps.apiKeyId, set: columns });
    }
    return { result: after, target: { type: 'api_key', id: apiKeyId }, before, after, mirror: [] };
  },
});

/** The customer's active keys that may query, each with its cap. AppError forbidden. */
export const listKeyCaps = defineOperation({
  name: 'desk.list_key_caps',
  permission: 'desk:manage',
  input: z.strictObject({}),
  run: async ({ customerId }): Promise<KeyCap[]> => {
    const keys = await db().select(shown).from(apiKeys).where(deskKeys(customerId)).orderBy(asc(apiKeys.keyName));
    return Promise.all(
      keys.map(async key => ({
        ...key,
        max_bytes_per_query: await keyCapOf(db(), customerId, key.api_key_id),
      })),
    );
  },
});
