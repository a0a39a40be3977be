/** Which row of a customer's subscriptions a snapshot of Stripe's belongs to. Source: docs/architecture.md, Billing. */
import { desc, eq } from 'drizzle-orm';
import { type Customer, customers } from '@/lib/domains/customers/tables';
import { isLive } from '@/lib/domains/subscriptions/status';
import type { Snapshot } from '@/lib/domains/subscriptions/sync/snapshot';
import { type Subscription, subscriptions } from '@/lib/domains/subscriptions/tables';
import { utcDay } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

export type Known = { customer: Customer; rows: Subscription[] };
/** Which row a snapshot is written to. `previous` is the row that was current before, of which a new one takes plan and limits. */
export type Place =
  | { kind: 'current'; row: Subscription }
  | { kind: 'former'; row: Subscription }
  | { kind: 'new'; previous: Subscription }
  | { kind: 'second'; beside: Subscription }
  | { kind: 'none' };

const rowsOf = (tx: Tx, customerId: string) =>
  tx
    .select()
    .from(subscriptions)
    .where(eq(subscriptions.customerId, customerId))
    .orderBy(desc(subscriptions.createdAt));

/** The customer's row and subscriptions, newest first, locked in this order until `tx` ends. */
export async function lockKnown(tx: Tx, stripeCustomerId: string): Promise<Known | null> {
  const [customer] = await tx
    .select()
    .from(customers)
    .where(eq(customers.stripeCustomerId, stripeCustomerId))
    .for('update');
  if (!customer) return null;
  const rows = await rowsOf(tx, customer.customerId).for('update');
  return { customer, rows };
}

/**
 * The subscription in Stripe that keeps the snapshot's from being the current one, going by what we last heard of it, which
 * may be late; null where nothing does. Locks nothing.
 */
export async function besideOf(tx: Tx, snapshot: Snapshot): Promise<string | null> {
  const [customer] = await tx
    .select({ customerId: customers.customerId })
    .from(customers)
    .where(eq(customers.stripeCustomerId, snapshot.stripeCustomerId));
  if (!customer) return null;
  const place = placeOf(await rowsOf(tx, customer.customerId), snapshot);
  return place.kind === 'second' ? place.beside.stripeSubscriptionId : null;
}

/**
 * A canceled subscription was bought once, so it takes the same place whether or not anybody looked while it lived: the
 * trial's row, or a new row when it began after the end of the one before.
 */
export function placeOf(rows: Subscription[], snapshot: Snapshot): Place {
  const [currentRow] = rows;
  if (!currentRow) return { kind: 'none' };
  const row = rows.find(one => one.stripeSubscriptionId === snapshot.stripeSubscriptionId);
  if (row) return { kind: row === currentRow ? 'current' : 'former', row };
  const live = isLive(snapshot.stripeStatus);
  if (!live && snapshot.stripeStatus !== 'canceled') return { kind: 'none' };
  if (currentRow.stripeSubscriptionId === null) return { kind: 'current', row: currentRow };
  if (isLive(currentRow.stripeStatus)) return live ? { kind: 'second', beside: currentRow } : { kind: 'none' };
  const began = Math.floor(snapshot.createdAt.getTime() / 1_000);
  const ended = Math.floor((currentRow.cancelledAt ?? currentRow.updatedAt).getTime() / 1_000);
  return live || began >= ended ? { kind: 'new', previous: currentRow } : { kind: 'none' };
}

/** The row that a later subscription begins with: plan and limits of the one before, nothing else. */
export function freshRow(previous: Subscription, snapshot: Snapshot, now: Date): Subscription {
  return {
    ...previous,
    subscriptionId: newId('sub'),
    createdAt: now,
    updatedAt: now,
    subscriptionStartDate: utcDay(snapshot.createdAt),
    trialStartDate: null,
    trialEndDate: null,
    cancelledAt: null,
    pastDueSince: null,
    lastPaymentFailedAt: null,
    lastPaymentError: null,
    stripeFetchedAt: null,
  };
}
