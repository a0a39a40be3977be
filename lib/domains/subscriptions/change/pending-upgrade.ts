/**
 * An upgrade that waits for its payment: the bank asks the cardholder, who answers on the invoice's page. Stripe makes the
 * change once the invoice is paid, and forgets both after 23 hours. See docs.stripe.com, Pending updates.
 */
import Stripe from 'stripe';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import { asking, briefly, changing } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { snapshotOf } from '@/lib/domains/subscriptions/sync/snapshot';
import { idOf } from '@/lib/domains/subscriptions/sync/stripe-events';
import { AppError } from '@/lib/platform/errors';
import { stripe } from '@/lib/platform/stripe';

/** What of a subscription says that an upgrade waits. */
export type PendingUpdate = { plan: PlanName; invoiceId: string; expiresAt: Date };

/** A subscription, as far as a waiting upgrade matters. */
type WithPending = { pending: PendingUpdate | null };

export type PendingUpgrade = {
  plan: PlanName;
  /** Stripe's page of the invoice, where it is confirmed or paid by another card. */
  url: string;
  /** In the currency's smallest unit. */
  amount_due_cents: number;
  /** ISO code in capitals. */
  currency: string;
  /** When the upgrade is forgotten and the invoice void. */
  expires_at: Date;
};

/** The upgrade that waits beside a subscription; null where none does. */
export function pendingUpdateOf(subscription: Stripe.Subscription): PendingUpdate | null {
  const { pending_update: pending, latest_invoice } = subscription;
  const invoiceId = idOf(latest_invoice);
  if (!pending?.subscription_items || !invoiceId) return null;
  const { plan } = snapshotOf({ ...subscription, items: { data: pending.subscription_items } });
  return plan && { plan, invoiceId, expiresAt: new Date(pending.expires_at * 1_000) };
}

/** The waiting upgrade with the address of its invoice. AppError payment_service_unavailable. */
export async function readPending({ pending }: WithPending): Promise<PendingUpgrade | null> {
  if (!pending) return null;
  const invoice = await asking(() => stripe().invoices.retrieve(pending.invoiceId, {}, briefly));
  if (invoice.status !== 'open' || !invoice.hosted_invoice_url) return null;
  return {
    plan: pending.plan,
    url: invoice.hosted_invoice_url,
    amount_due_cents: invoice.amount_remaining,
    currency: invoice.currency.toUpperCase(),
    expires_at: pending.expiresAt,
  };
}

/** Takes a waiting upgrade back by voiding its invoice. Throws AppError conflict where it was paid meanwhile. */
export async function cancelPending({ pending }: WithPending): Promise<void> {
  if (!pending) return;
  try {
    await changing(() => stripe().invoices.voidInvoice(pending.invoiceId, {}, briefly));
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    throw new AppError('conflict', 'The payment of an upgrade was made meanwhile. Reload the page to see the plan.', {
      cause: error,
    });
  }
}
