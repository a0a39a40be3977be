/** What is done for events of the inbox: the subscription and the invoices that they are about are asked of Stripe. */
import { eq } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { type FailedAttempt, type InvoiceSync, syncInvoiceLocked } from '@/lib/domains/subscriptions/invoices/invoice';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { isLive } from '@/lib/domains/subscriptions/status';
import type { ChosenCard } from '@/lib/domains/subscriptions/stripe/stripe-subscription';
import { type EventObject, lockStripeId, type SyncOutcome, syncLocked } from '@/lib/domains/subscriptions/sync/fetch';
import { flagUnknownCustomer, unknownPayer } from '@/lib/domains/subscriptions/sync/flags';
import { field, idOf, isPaymentFailure, type StripeEventPayload } from '@/lib/domains/subscriptions/sync/stripe-events';
import type { StripeEvent } from '@/lib/domains/subscriptions/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';

export type WorkDone = {
  outcome: SyncOutcome | InvoiceSync['outcome'] | 'nothing';
  customerId: string | null;
  /** True when what was current has ended with it. */
  ended: boolean;
};

const objectOf = (event: StripeEvent) => (event.payload as StripeEventPayload).data.object;

/** The latest subscription that the events carry, for the case that Stripe no longer has it; an end wins its second. */
function subscriptionTold(events: StripeEvent[]): EventObject | undefined {
  const told = events
    .filter(event => objectOf(event).object === 'subscription')
    .sort(
      (a, b) =>
        a.createdAt.getTime() - b.createdAt.getTime() ||
        Number(objectOf(a).status === 'canceled') - Number(objectOf(b).status === 'canceled'),
    )
    .at(-1);
  return told && { object: objectOf(told), createdAt: told.createdAt };
}

/** The card that a `customer.updated` made the customer's default; undefined where it tells of something else. */
function cardTold({ payload, createdAt }: StripeEvent): ChosenCard | undefined {
  const { object, previous_attributes: previous } = (payload as StripeEventPayload).data;
  // What changed is named with its former value, which is null where there was none.
  const defaultCard = (value: unknown) => field(field(value, 'invoice_settings'), 'default_payment_method');
  if (defaultCard(previous) === undefined) return undefined;
  const card = idOf(defaultCard(object));
  return card ? { card, at: createdAt } : undefined;
}

/** The attempts to collect an invoice that failed, each once. */
function failedAttempts(events: StripeEvent[]): FailedAttempt[] {
  const attempts = new Map<number, FailedAttempt>();
  for (const event of events.filter(({ type }) => isPaymentFailure(type))) {
    const count = objectOf(event).attempt_count;
    const attempt = typeof count === 'number' && Number.isInteger(count) && count > 0 ? count : 1;
    if (!attempts.has(attempt)) attempts.set(attempt, { attempt, at: event.createdAt });
  }
  return [...attempts.values()];
}

async function workInvoices(tx: Tx, ctx: Ctx, events: StripeEvent[]): Promise<InvoiceSync | null> {
  let last: InvoiceSync | null = null;
  for (const invoiceId of new Set(events.flatMap(event => event.stripeInvoiceId ?? []))) {
    const own = events.filter(event => event.stripeInvoiceId === invoiceId);
    if (!own[0]?.stripeSubscriptionId) await lockStripeId(tx, invoiceId);
    last = await syncInvoiceLocked(tx, ctx, invoiceId, failedAttempts(own), own.map(objectOf).at(-1));
  }
  return last;
}

/** The live subscription of the Stripe customer; null where it has none. */
async function subscriptionOfPayer(tx: Tx, stripeCustomerId: string): Promise<string | null> {
  const [customer] = await tx
    .select({ customerId: customers.customerId })
    .from(customers)
    .where(eq(customers.stripeCustomerId, stripeCustomerId));
  if (!customer) return null;
  const { stripeSubscriptionId, stripeStatus } = await currentSubscription(tx, customer.customerId);
  return isLive(stripeStatus) ? stripeSubscriptionId : null;
}

/**
 * Does what the events ask for, in the transaction that marks them as done. They are all of one subscription, or it is one
 * event alone. Each event is only a signal: what is written is what Stripe says now. Throws Stripe's errors.
 */
export async function workEvents(tx: Tx, ctx: Ctx, events: StripeEvent[]): Promise<WorkDone> {
  const [first] = events;
  if (!first) return { outcome: 'nothing', customerId: null, ended: false };
  const changed = first.type === 'customer.updated' && first.stripeCustomerId;
  const subscription = changed ? await subscriptionOfPayer(tx, changed) : first.stripeSubscriptionId;
  const told = { subscription: subscriptionTold(events), ...(changed ? { card: cardTold(first) } : {}) };
  const synced = subscription ? await syncLocked(tx, ctx, subscription, 'stripe', told) : null;
  const invoice = await workInvoices(tx, ctx, events);
  if (!subscription && invoice?.outcome === 'unknown_customer' && first.stripeCustomerId) {
    await flagUnknownCustomer(tx, first.stripeCustomerId, unknownPayer(first.stripeInvoiceId), ctx.clock());
  }
  return {
    outcome: synced?.outcome ?? invoice?.outcome ?? 'nothing',
    customerId: synced?.customerId ?? invoice?.customerId ?? null,
    ended: synced?.ended ?? false,
  };
}
