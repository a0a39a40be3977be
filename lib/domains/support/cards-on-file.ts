/**
 * Whether customers have a card on file, as Stripe last told us; for staff who look at trials that end.
 * Source: docs/ui.md, Support console.
 */
import { desc, inArray } from 'drizzle-orm';
import { isLive } from '@/lib/domains/subscriptions/status';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { recordStaffRead } from '@/lib/kernel/audit/audit-reads';
import { authorise } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

/** unknown: there is a subscription in Stripe, and Stripe has not said. */
export type CardOnFile = 'yes' | 'no' | 'unknown';

/** By the newest subscription of each customer; one who has none in Stripe was never asked for a card. */
const cardOf = (row: { stripeStatus: string | null; onFile: boolean | null }): CardOnFile => {
  if (row.onFile === null) return isLive(row.stripeStatus) ? 'unknown' : 'no';
  return row.onFile ? 'yes' : 'no';
};

/** Card on file by customer id; customers that do not exist are left out. An audited read of staff. AppError forbidden. */
export async function readCardsOnFile(ctx: Ctx, customerIds: string[]): Promise<Map<string, CardOnFile>> {
  await authorise(ctx, 'staff:read', 'subscription.list_cards');
  if (customerIds.length === 0) return new Map();
  await recordStaffRead(ctx, 'subscription.list_cards', { customers: customerIds });
  const rows = await db()
    .selectDistinctOn([subscriptions.customerId], {
      customerId: subscriptions.customerId,
      stripeStatus: subscriptions.stripeStatus,
      onFile: subscriptions.paymentMethodOnFile,
    })
    .from(subscriptions)
    .where(inArray(subscriptions.customerId, customerIds))
    .orderBy(subscriptions.customerId, desc(subscriptions.createdAt));
  return new Map(rows.map(row => [row.customerId, cardOf(row)]));
}
