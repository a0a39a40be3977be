/** What the counter noted of 80 % and 100 %, to be told to people once. */
import { and, eq } from 'drizzle-orm';
import { type QuotaEvent, quotaEvents } from '@/lib/domains/quotas/tables';
import type { Tx } from '@/lib/platform/db';

/** Marks an event, locked by the caller, as told; in the transaction that queues its message. */
export async function markQuotaEventSent(tx: Tx, { customerId, day, kind }: QuotaEvent, sentAt: Date): Promise<void> {
  await tx
    .update(quotaEvents)
    .set({ sentAt })
    .where(and(eq(quotaEvents.customerId, customerId), eq(quotaEvents.day, day), eq(quotaEvents.kind, kind)));
}
