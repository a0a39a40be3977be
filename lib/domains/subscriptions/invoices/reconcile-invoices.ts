/** The invoices' part of the reconciliation: the recent ones of Stripe, and ours that are still owed. */
import { eq, inArray } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { syncInvoice } from '@/lib/domains/subscriptions/invoices/invoice';
import { invoiceSnapshotOf } from '@/lib/domains/subscriptions/invoices/invoice-snapshot';
import { stripeCtx } from '@/lib/domains/subscriptions/sync/fetch';
import { flagUnknownCustomer, openFlags, unknownPayer } from '@/lib/domains/subscriptions/sync/flags';
import { changedColumns } from '@/lib/domains/subscriptions/sync/snapshot-columns';
import { subscriptionOfInvoice } from '@/lib/domains/subscriptions/sync/stripe-events';
import { type Invoice, invoices } from '@/lib/domains/subscriptions/tables';
import type { Clock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { stripe } from '@/lib/platform/stripe';

/** How far back Stripe's invoices are walked, in days: a month's bill and the weeks in which it is tried again. */
const walkedDays = 35;
const dayMs = 86_400_000;

type Options = { clock: Clock; dryRun: boolean };
type Found = { invoiceId: string; stripeSubscriptionId: string | null };

/** What the list cannot show is left to the sync of those that differ: why a payment failed needs one call an invoice. */
function isOutdated(known: Invoice | undefined, listed: ReturnType<typeof invoiceSnapshotOf>): boolean {
  if (!listed) return false;
  if (!known) return listed.columns.status !== 'draft';
  const { lastError: _, ...columns } = listed.columns;
  return changedColumns<Partial<Invoice>>(known, columns).length > 0;
}

async function isOurs(stripeCustomerId: string): Promise<boolean> {
  return (await db().$count(customers, eq(customers.stripeCustomerId, stripeCustomerId))) > 0;
}

/** Repairs one and answers whether it was in need of it. */
async function repair({ invoiceId, stripeSubscriptionId }: Found, { clock, dryRun }: Options): Promise<boolean> {
  if (dryRun) return true;
  const ctx = { ...stripeCtx(invoiceId), clock };
  return (await syncInvoice(ctx, invoiceId, stripeSubscriptionId)).outcome === 'stored';
}

/** Compares invoices and stores those that differ. Throws Stripe's errors. */
export async function reconcileInvoices(options: Options): Promise<{ checked: number; repaired: number }> {
  const report = { checked: 0, repaired: 0 };
  const seen: string[] = [];
  const since = Math.floor((options.clock().getTime() - walkedDays * dayMs) / 1_000);
  for await (const invoice of stripe().invoices.list({ created: { gte: since }, limit: 100 })) {
    const listed = invoiceSnapshotOf(invoice);
    if (!listed || !(await isOurs(listed.stripeCustomerId))) continue;
    report.checked++;
    seen.push(listed.columns.invoiceId);
    const [known] = await db().select().from(invoices).where(eq(invoices.invoiceId, listed.columns.invoiceId));
    if (isOutdated(known, listed) && (await repair(listed.columns, options))) report.repaired++;
  }
  const owed = await db()
    .select()
    .from(invoices)
    .where(inArray(invoices.status, ['open', 'draft']))
    .limit(5_000);
  for (const invoice of owed.filter(row => !seen.includes(row.invoiceId))) {
    report.checked++;
    if (options.dryRun) continue;
    if (await repair(invoice, options)) report.repaired++;
  }
  return report;
}

/** An invoice of its own that was sent to this customer and not taken back; those of subscriptions go with these. */
async function invoiceSentTo(stripeCustomerId: string): Promise<string | null> {
  for await (const invoice of stripe().invoices.list({ customer: stripeCustomerId, limit: 100 })) {
    const isSent = invoice.status !== 'draft' && invoice.status !== 'void';
    if (isSent && invoice.id && !subscriptionOfInvoice(invoice)) return invoice.id;
  }
  return null;
}

/**
 * Raises anew the flags of customers that we do not know for whom Stripe has an invoice: only events tell of those, and
 * an event comes once. Throws Stripe's errors.
 */
export async function seeUnknownPayers(clock: Clock): Promise<void> {
  for (const { kind, stripeId } of await openFlags(db())) {
    if (kind !== 'unknown_customer' || (await isOurs(stripeId))) continue;
    const invoiceId = await invoiceSentTo(stripeId);
    if (invoiceId) await db().transaction(tx => flagUnknownCustomer(tx, stripeId, unknownPayer(invoiceId), clock()));
  }
}
