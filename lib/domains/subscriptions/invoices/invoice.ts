/**
 * Invoices as Stripe shows them now, and the messages about those that could not be paid.
 * Source: docs/spec/requirements.md, C-26; docs/architecture.md, Billing.
 */
import { and, desc, eq, isNotNull } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { notify } from '@/lib/domains/notifications/notify';
import { type InvoiceSnapshot, invoiceSnapshotOf } from '@/lib/domains/subscriptions/invoices/invoice-snapshot';
import { invoicesMirror } from '@/lib/domains/subscriptions/mirror';
import { graceEnd } from '@/lib/domains/subscriptions/status';
import { isMissing } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { whileLocked } from '@/lib/domains/subscriptions/stripe/stripe-subscription';
import { lockStripeId } from '@/lib/domains/subscriptions/sync/fetch';
import { changedColumns } from '@/lib/domains/subscriptions/sync/snapshot-columns';
import { invoices, type Subscription, subscriptions } from '@/lib/domains/subscriptions/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import { enqueue, type MirrorRef } from '@/lib/kernel/outbox';
import { utcDay } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { stripe } from '@/lib/platform/stripe';

export type InvoiceSync = {
  outcome: 'stored' | 'unchanged' | 'draft' | 'unknown_customer' | 'gone';
  customerId: string | null;
  mirror: MirrorRef[];
};

/** One attempt that failed, as its event told it. */
export type FailedAttempt = { attempt: number; at: Date };

/** A message about an invoice that is paid by now is only sent while the failure is news. */
const newsMs = 3_600_000;

async function fetchInvoice(invoiceId: string): Promise<InvoiceSnapshot | null> {
  try {
    const expand = ['payments.data.payment.payment_intent'];
    return invoiceSnapshotOf(await stripe().invoices.retrieve(invoiceId, { expand }, whileLocked));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Writes the invoice as it is now; nothing where it is already so. */
async function store(tx: Tx, customerId: string, { columns }: InvoiceSnapshot, now: Date): Promise<MirrorRef[]> {
  const [known] = await tx.select().from(invoices).where(eq(invoices.invoiceId, columns.invoiceId)).for('update');
  if (known && changedColumns<Partial<typeof known>>(known, columns).length === 0) return [];
  const values = { ...columns, customerId, updatedAt: now };
  const [row] = await tx
    .insert(invoices)
    .values(values)
    .onConflictDoUpdate({ target: invoices.invoiceId, set: values })
    .returning();
  if (!row) throw new Error('the invoice was not stored');
  const mirror = [invoicesMirror.ref(row)];
  await enqueue(tx, mirror);
  return mirror;
}

/** What the page says of the last payment follows from the subscription's open invoices, whatever order they came in. */
async function storePaymentState(tx: Tx, stripeSubscriptionId: string, failedAt: Date): Promise<Subscription | null> {
  const [row] = await tx
    .select()
    .from(subscriptions)
    .where(eq(subscriptions.stripeSubscriptionId, stripeSubscriptionId))
    .for('update');
  if (!row) return null;
  const [owed] = await tx
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.stripeSubscriptionId, stripeSubscriptionId),
        eq(invoices.status, 'open'),
        isNotNull(invoices.lastError),
      ),
    )
    .orderBy(desc(invoices.createdAt))
    .limit(1);
  const isLater = !row.lastPaymentFailedAt || failedAt > row.lastPaymentFailedAt;
  const wanted = owed
    ? { lastPaymentError: owed.lastError, lastPaymentFailedAt: isLater ? failedAt : row.lastPaymentFailedAt }
    : { lastPaymentError: null, lastPaymentFailedAt: null };
  if (changedColumns<Subscription>(row, wanted).length > 0)
    await tx.update(subscriptions).set(wanted).where(eq(subscriptions.subscriptionId, row.subscriptionId));
  return row;
}

/** One message for each failed attempt, however often its event comes. */
async function tell(
  tx: Tx,
  ctx: Ctx,
  customerId: string,
  snapshot: InvoiceSnapshot,
  failed: FailedAttempt[],
  subscription: Subscription | null,
): Promise<void> {
  const { columns, amountRemainingCents } = snapshot;
  const owed = columns.status === 'open';
  const runsUntil =
    subscription?.status === 'PAST_DUE' && subscription.pastDueSince ? graceEnd(subscription.pastDueSince) : null;
  for (const { attempt, at } of failed) {
    if (!owed && ctx.clock().getTime() - at.getTime() > newsMs) continue;
    await notify(tx, {
      event: 'payment_failed',
      customerId,
      at: ctx.clock(),
      data: {
        invoice_id: columns.invoiceId,
        attempt,
        amount_cents: Math.max(0, owed ? amountRemainingCents : columns.amountDueCents),
        currency: columns.currency,
        reason: columns.lastError,
        runs_until: runsUntil ? utcDay(runsUntil) : null,
      },
    });
  }
}

/** What syncInvoice does in the caller's transaction, which holds the lock of the invoice's subscription or of its id. */
export async function applyInvoice(
  tx: Tx,
  ctx: Ctx,
  snapshot: InvoiceSnapshot,
  failed: FailedAttempt[] = [],
): Promise<InvoiceSync> {
  const [customer] = await tx
    .select({ customerId: customers.customerId })
    .from(customers)
    .where(eq(customers.stripeCustomerId, snapshot.stripeCustomerId))
    .for('update');
  if (!customer) return { outcome: 'unknown_customer', customerId: null, mirror: [] };
  const { customerId } = customer;
  if (snapshot.columns.status === 'draft') return { outcome: 'draft', customerId, mirror: [] };
  const mirror = await store(tx, customerId, snapshot, ctx.clock());
  const { stripeSubscriptionId } = snapshot.columns;
  const lastFailure = failed.map(({ at }) => at).sort((a, b) => b.getTime() - a.getTime())[0] ?? ctx.clock();
  const changed = mirror.length > 0 || failed.length > 0;
  const subscription =
    stripeSubscriptionId && changed ? await storePaymentState(tx, stripeSubscriptionId, lastFailure) : null;
  await tell(tx, ctx, customerId, snapshot, failed, subscription);
  return { outcome: mirror.length > 0 ? 'stored' : 'unchanged', customerId, mirror };
}

/**
 * Fetches an invoice and stores it; the caller's transaction holds the lock. `told`, the invoice of a verified event,
 * stands in for one that Stripe no longer has and we never had.
 */
export async function syncInvoiceLocked(
  tx: Tx,
  ctx: Ctx,
  invoiceId: string,
  failed: FailedAttempt[] = [],
  told?: unknown,
): Promise<InvoiceSync> {
  const fetched = await fetchInvoice(invoiceId);
  if (fetched) return applyInvoice(tx, ctx, fetched, failed);
  const [known] = await tx
    .select({ customerId: invoices.customerId })
    .from(invoices)
    .where(eq(invoices.invoiceId, invoiceId));
  const snapshot = known ? null : invoiceSnapshotOf(told);
  if (snapshot) return applyInvoice(tx, ctx, snapshot, failed);
  return { outcome: 'gone', customerId: known?.customerId ?? null, mirror: [] };
}

/** Brings one invoice to what Stripe says, in a transaction of its own. Throws Stripe's errors. */
export async function syncInvoice(
  ctx: Ctx,
  invoiceId: string,
  stripeSubscriptionId: string | null,
): Promise<InvoiceSync> {
  return db().transaction(async tx => {
    await lockStripeId(tx, stripeSubscriptionId ?? invoiceId);
    return syncInvoiceLocked(tx, ctx, invoiceId);
  });
}
