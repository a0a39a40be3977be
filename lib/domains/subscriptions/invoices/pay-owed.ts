/** Paying what is owed with the card that was just put in, by the visitor's word: Stripe itself would only try it at its next retry. */
import Stripe from 'stripe';
import { z } from 'zod';
import { applyInvoice } from '@/lib/domains/subscriptions/invoices/invoice';
import { invoiceSnapshotOf } from '@/lib/domains/subscriptions/invoices/invoice-snapshot';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { withBillingLock } from '@/lib/domains/subscriptions/stripe/billing-lock';
import { asking, briefly, changing, isPaymentFailure } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { fetchSubscription } from '@/lib/domains/subscriptions/stripe/stripe-subscription';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { idOf } from '@/lib/domains/subscriptions/sync/stripe-events';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';
import { stripe } from '@/lib/platform/stripe';

/** nothing: no debt, or no card to charge. declined: the card was refused, or the bank wants the person to confirm. */
export type PaidOwed = { outcome: 'nothing' | 'paid' | 'declined' };

type Tried = PaidOwed & { subscriptionId: string; invoices: string[]; mirror: MirrorRef[] };

/** The card that Stripe charges for a subscription: its own, else the customer's. */
function cardOf({ default_payment_method: own, customer }: Stripe.Subscription): string | null {
  if (own) return idOf(own);
  return typeof customer === 'string' || customer.deleted
    ? null
    : idOf(customer.invoice_settings.default_payment_method);
}

/** Charges one invoice to a card: once, however often it is asked for within a day. `gone`: there is nothing to pay any more. */
async function pay(invoiceId: string, card: string): Promise<Stripe.Invoice | 'declined' | 'gone'> {
  const idempotencyKey = `pay-${invoiceId}-${card}`;
  try {
    return await changing(() =>
      stripe().invoices.pay(invoiceId, { payment_method: card }, { ...briefly, idempotencyKey }),
    );
  } catch (error) {
    if (isPaymentFailure(error)) return 'declined';
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return 'gone';
    throw error;
  }
}

/** What is owed, oldest first; an upgrade that waits to be confirmed is not owed. */
async function openInvoices({ id: subscription, pending_update: pending }: Stripe.Subscription): Promise<string[]> {
  const { data } = await asking(() => stripe().invoices.list({ subscription, status: 'open', limit: 20 }, briefly));
  return data
    .filter(invoice => invoice.collection_method === 'charge_automatically')
    .filter(invoice => !pending || invoice.billing_reason !== 'subscription_update')
    .sort((a, b) => a.created - b.created)
    .flatMap(invoice => invoice.id ?? []);
}

async function tryToPay(tx: Tx, ctx: CustomerCtx): Promise<Tried> {
  const { subscriptionId, stripeSubscriptionId: id } = await currentSubscription(tx, ctx.customerId);
  const nothing: Tried = { outcome: 'nothing', subscriptionId, invoices: [], mirror: [] };
  const subscription = id ? await asking(() => fetchSubscription(id)) : null;
  const card = subscription && cardOf(subscription);
  if (!id || !card || !['past_due', 'unpaid'].includes(subscription.status)) return nothing;
  const tried: string[] = [];
  const paid: Stripe.Invoice[] = [];
  let declined = false;
  for (const invoiceId of await openInvoices(subscription)) {
    const answer = await pay(invoiceId, card);
    if (answer === 'gone') continue;
    tried.push(invoiceId);
    declined = answer === 'declined';
    if (answer === 'declined') break;
    paid.push(answer);
  }
  if (tried.length === 0) return nothing;
  const { mirror } = await asking(() => syncSubscription(id, 'stripe', { ctx, tx }));
  for (const invoice of paid) {
    const snapshot = invoiceSnapshotOf(invoice);
    if (snapshot) mirror.push(...(await applyInvoice(tx, ctx, snapshot)).mirror);
  }
  return { outcome: declined ? 'declined' : 'paid', subscriptionId, invoices: tried, mirror };
}

/**
 * Charges the open invoices of the current subscription to the card that pays it, oldest first, up to the first that is
 * refused; each once for a card. AppError conflict, payment_service_unavailable.
 */
export const payOwed = defineCommand({
  name: 'subscription.pay_owed',
  permission: 'billing:write',
  input: z.strictObject({}),
  prepare: ({ ctx }) => {
    const customer = requireCustomer(ctx);
    return withBillingLock(customer.customerId, tx => tryToPay(tx, customer));
  },
  run: async ({ prepared }): Promise<Change<PaidOwed>> => {
    const { outcome, subscriptionId, invoices, mirror } = prepared;
    if (outcome === 'nothing') return { result: { outcome }, unchanged: true };
    return {
      result: { outcome },
      target: { type: 'subscription', id: subscriptionId },
      before: null,
      after: { outcome, invoices },
      mirror,
    };
  },
});
