/** The monthly task that switches off keys whose time is over; they are refused from their expiry on in any case. */
import { and, asc, eq, inArray, isNotNull, lte } from 'drizzle-orm';
import { z } from 'zod';
import { customers } from '@/lib/domains/customers/tables';
import { keyRefs } from '@/lib/domains/keys/mirror';
import { apiKeys } from '@/lib/domains/keys/tables';
import { defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

const isOver = (now: Date) =>
  and(eq(apiKeys.isActive, true), isNotNull(apiKeys.expiresAt), lte(apiKeys.expiresAt, now));

/** Keys switched off in one transaction; the job comes back for the rest. */
const batchSize = 500;

/** Switches off one customer's expired keys; one audit row names them all. */
export const deactivateExpired = defineCommand({
  name: 'api_key.deactivate_expired',
  permission: 'staff:write',
  input: z.strictObject({}),
  run: async ({ ctx, tx }) => {
    const { customerId } = requireCustomer(ctx);
    const now = ctx.clock();
    const over = await tx
      .select({ apiKeyId: apiKeys.apiKeyId })
      .from(apiKeys)
      .where(and(eq(apiKeys.customerId, customerId), isOver(now)))
      .orderBy(asc(apiKeys.apiKeyId))
      .limit(batchSize)
      .for('update');
    if (over.length === 0) return { result: 0, unchanged: true };
    const who = actorLabel(ctx.actor);
    const stopped = await tx
      .update(apiKeys)
      .set({
        isActive: false,
        deactivatedAt: now,
        deactivatedBy: who,
        deactivationReason: 'Expired',
        updatedAt: now,
        updatedBy: who,
      })
      .where(
        inArray(
          apiKeys.apiKeyId,
          over.map(key => key.apiKeyId),
        ),
      )
      .returning();
    return {
      result: stopped.length,
      target: { type: 'customer', id: customerId },
      before: null,
      after: { deactivated: stopped.map(key => ({ api_key_id: key.apiKeyId, expires_at: key.expiresAt })) },
      mirror: keyRefs(...stopped),
    };
  },
});

/**
 * Switches off the expired keys of all customers; answers how many of how many customers.
 * Source: docs/spec/requirements.md, C-61.
 */
export async function deactivateExpiredKeys(clock: Clock = systemClock): Promise<{ keys: number; customers: number }> {
  const owners = await db()
    .selectDistinct({ customerId: customers.customerId, tenantDatasetId: customers.tenantDatasetId })
    .from(apiKeys)
    .innerJoin(customers, eq(customers.customerId, apiKeys.customerId))
    .where(isOver(clock()))
    .orderBy(asc(customers.customerId));
  let keys = 0;
  for (const owner of owners) {
    for (let stopped = batchSize; stopped === batchSize; keys += stopped) {
      stopped = (await deactivateExpired(systemCtx('deactivate-expired-keys', owner, clock), {})).result;
    }
  }
  return { keys, customers: owners.length };
}
