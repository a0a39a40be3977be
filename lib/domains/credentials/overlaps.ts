/** Wipes replaced secrets whose overlap is over; they are refused from its end on in any case. */
import { and, asc, eq, isNotNull, lte } from 'drizzle-orm';
import { z } from 'zod';
import { credentialsMirror } from '@/lib/domains/credentials/mirror';
import { noOverlap } from '@/lib/domains/credentials/stored-credential';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { customers } from '@/lib/domains/customers/tables';
import { defineCommand } from '@/lib/kernel/command';
import { requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

const isOver = (now: Date) => and(isNotNull(cloudCredentials.previousUntil), lte(cloudCredentials.previousUntil, now));

/** Wipes one customer's ended overlaps; one audit row names them all. */
export const wipeOverlaps = defineCommand({
  name: 'credential.wipe_overlaps',
  permission: 'staff:write',
  input: z.strictObject({}),
  run: async ({ ctx, tx }) => {
    const { customerId } = requireCustomer(ctx);
    const wiped = await tx
      .update(cloudCredentials)
      .set({ ...noOverlap, updatedAt: ctx.clock() })
      .where(and(eq(cloudCredentials.customerId, customerId), isOver(ctx.clock())))
      .returning();
    if (wiped.length === 0) return { result: 0, unchanged: true };
    return {
      result: wiped.length,
      target: { type: 'customer', id: customerId },
      before: null,
      after: { credentials: wiped.map(row => row.credentialId).sort() },
      mirror: wiped.map(row => credentialsMirror.ref(row)),
    };
  },
});

/** Wipes the ended overlaps of all customers; answers how many secrets of how many customers. */
export async function wipeEndedOverlaps(clock: Clock = systemClock): Promise<{ secrets: number; customers: number }> {
  const owners = await db()
    .selectDistinct({ customerId: customers.customerId, tenantDatasetId: customers.tenantDatasetId })
    .from(cloudCredentials)
    .innerJoin(customers, eq(customers.customerId, cloudCredentials.customerId))
    .where(isOver(clock()))
    .orderBy(asc(customers.customerId));
  let secrets = 0;
  for (const owner of owners) secrets += (await wipeOverlaps(systemCtx('end-overlaps', owner, clock), {})).result;
  return { secrets, customers: owners.length };
}
