/** Previews of invoices: what a change would bill at once, or the next invoice as things stand. Nothing is kept. */
import { z } from 'zod';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import { periodLine, trialLine } from '@/dev/doubles/stripe/invoices/invoice-lines';
import { type BillingReason, draftInvoice } from '@/dev/doubles/stripe/invoices/invoice-shape';
import { emptyable, flag, integer, metadata } from '@/dev/doubles/stripe/params';
import { itemChanges } from '@/dev/doubles/stripe/schedules/schedule-run';
import type { StripeState } from '@/dev/doubles/stripe/state';
import { draftSubscription } from '@/dev/doubles/stripe/subscriptions/subscription-create';
import { anchorParam, itemChange, prorationBehavior } from '@/dev/doubles/stripe/subscriptions/subscription-params';
import { planUpdate } from '@/dev/doubles/stripe/subscriptions/subscription-plan';
import { moveOn } from '@/dev/doubles/stripe/subscriptions/subscription-renewal';
import { periodOf } from '@/dev/doubles/stripe/subscriptions/subscription-shape';
import type { Invoice, InvoiceLine, Subscription } from '@/dev/doubles/stripe/wire';

const details = z.strictObject({
  items: z.array(itemChange).max(20).optional(),
  billing_cycle_anchor: anchorParam.optional(),
  cancel_at: emptyable(integer).optional(),
  cancel_at_period_end: flag.optional(),
  metadata: metadata.optional(),
  proration_behavior: prorationBehavior.optional(),
  proration_date: integer.optional(),
  trial_end: z.union([z.literal('now'), integer]).optional(),
});
export const previewParams = {
  customer: z.string().optional(),
  subscription: z.string().optional(),
  subscription_details: details.optional(),
  preview_mode: z.enum(['next', 'recurring']).optional(),
  currency: z.string().optional(),
};
type Given = z.output<z.ZodObject<typeof previewParams>>;

const none = (text: string) => new StripeError(404, text, { code: 'invoice_upcoming_none' });

function preview(state: StripeState, subscription: Subscription, lines: InvoiceLine[], reason: BillingReason): Invoice {
  const invoice = draftInvoice(state, subscription, { reason: 'upcoming', lines, period: periodOf(subscription) });
  return { ...invoice, billing_reason: reason, next_payment_attempt: periodOf(subscription).end, auto_advance: false };
}

/** The subscription as it is when its period ends: with the items of the phase that begins then. */
function atPeriodEnd(state: StripeState, subscription: Subscription): Subscription {
  const schedule = state.schedules[subscription.schedule ?? ''];
  const { end } = periodOf(subscription);
  const phase = schedule?.phases.find(next => next.start_date === end);
  if (!phase) return structuredClone(subscription);
  const items = itemChanges(subscription, phase);
  return planUpdate(state, subscription, { items, proration_behavior: 'none' }).draft;
}

/** The next invoice of a subscription, after the waiting lines given. Throws 404 where there will be none. */
function upcoming(state: StripeState, subscription: Subscription, waiting: InvoiceLine[]): Invoice {
  const { end } = periodOf(subscription);
  const { cancel_at: cancelAt, status } = subscription;
  const ends = subscription.ended_at !== null || status === 'paused' || (cancelAt !== null && cancelAt <= end);
  if (ends && waiting.length === 0) throw none(`No upcoming invoices for customer: ${subscription.customer}`);
  const next = atPeriodEnd(state, subscription);
  moveOn(next, end);
  if (next.status === 'trialing') next.status = 'active';
  const lines = ends ? [] : next.items.data.map(item => periodLine(state, next, item));
  return preview(state, subscription, [...waiting, ...lines], 'upcoming');
}

function previewNew(
  state: StripeState,
  customerId: string,
  given: NonNullable<Given['subscription_details']>,
): Invoice {
  const customer = state.customers[customerId];
  if (!customer) throw missing('customer', customerId, 'customer');
  const items = (given.items ?? []).map(({ price, quantity }, index) => {
    if (price) return { price, quantity };
    const param = `subscription_details[items][${index}][price]`;
    throw new StripeError(400, `Missing required param: ${param}.`, { code: 'parameter_missing', param });
  });
  const subscription = draftSubscription(state, customer, { items, trial_end: given.trial_end });
  const line = subscription.status === 'trialing' ? trialLine : periodLine;
  const lines = subscription.items.data.map(item => line(state, subscription, item));
  return preview(state, subscription, lines, 'upcoming');
}

/** The customer's subscription that bills next. Throws 404 without one. */
function nextOf(state: StripeState, customer: string): Subscription {
  if (!state.customers[customer]) throw missing('customer', customer, 'customer');
  const [next] = Object.values(state.subscriptions)
    .filter(own => own.customer === customer && !own.ended_at && own.status !== 'incomplete')
    .sort((one, other) => periodOf(one).end - periodOf(other).end);
  if (!next) throw none(`No upcoming invoices for customer: ${customer}`);
  return next;
}

/** Works a preview out. Throws 400 and 404 as Stripe does. */
export function previewInvoice(state: StripeState, given: Given): Invoice {
  const { subscription: id, customer, subscription_details: change } = given;
  if (!id && !customer) {
    throw new StripeError(400, 'You must specify one of customer, subscription or schedule.', { param: 'customer' });
  }
  if (!id && customer && change?.items) return previewNew(state, customer, change);
  const subscription = id ? state.subscriptions[id] : nextOf(state, customer ?? '');
  if (!subscription) throw missing('subscription', id ?? '', 'subscription');
  const waiting = state.pendingLines[subscription.id] ?? [];
  if (!change) return upcoming(state, subscription, waiting);
  if (subscription.ended_at) throw none('The subscription is canceled, and will bill nothing.');
  const plan = planUpdate(state, subscription, change);
  if (change.cancel_at_period_end) plan.draft.cancel_at = periodOf(plan.draft).end;
  if (plan.billedNow) return preview(state, plan.draft, [...waiting, ...plan.lines], 'subscription_update');
  return upcoming(state, plan.draft, [...waiting, ...plan.lines]);
}
