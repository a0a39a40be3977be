/** Keeps a burst of one event out of people's inboxes without ever costing them a message of another. */

import { and, eq, gt, inArray, ne, sql } from 'drizzle-orm';
import { allowanceOf } from '@/lib/domains/notifications/event-rules';
import type { EventName } from '@/lib/domains/notifications/events';
import { notifications } from '@/lib/domains/notifications/tables';
import { lockSpaces } from '@/lib/kernel/locks';
import type { Tx } from '@/lib/platform/db';

const dayMs = 86_400_000;

/** One transaction at a time counts an address that several organizations may write to; always taken in the same order. */
async function lockAddresses(tx: Tx, addresses: string[]): Promise<void> {
  await tx.execute(sql`
    SELECT pg_advisory_xact_lock(${lockSpaces.mailAllowance}, hash)
    FROM (SELECT DISTINCT hashtext(address) AS hash FROM unnest(${sql.param(addresses)}::text[]) AS address ORDER BY 1) AS ordered`);
}

/**
 * Of these addresses (lower case) those that have had all their messages of this event for 24 hours; messages that were
 * never sent do not count. Where the event has an allowance over all organizations, the addresses stay locked until the
 * transaction ends, so that many organizations at once do not pass it.
 */
export async function spentAllowances(
  tx: Tx,
  { event, customerId, at }: { event: EventName; customerId: string; at: Date },
  addresses: string[],
): Promise<Set<string>> {
  const allowance = allowanceOf(event);
  if (!allowance || addresses.length === 0) return new Set();
  const { fromOne, fromAll } = allowance;
  if (fromAll !== undefined) await lockAddresses(tx, addresses);
  const fromThis = sql`count(*) FILTER (WHERE ${eq(notifications.customerId, customerId)}) >= ${fromOne}`;
  const rows = await tx
    .select({ recipient: notifications.recipient })
    .from(notifications)
    .where(
      and(
        inArray(notifications.recipient, addresses),
        eq(notifications.event, event),
        gt(notifications.createdAt, new Date(at.getTime() - dayMs)),
        ne(notifications.status, 'suppressed'),
      ),
    )
    .groupBy(notifications.recipient)
    .having(fromAll === undefined ? fromThis : sql`${fromThis} OR count(*) >= ${fromAll}`);
  return new Set(rows.map(row => row.recipient));
}
