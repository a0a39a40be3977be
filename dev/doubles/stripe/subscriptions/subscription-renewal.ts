/** What time does to a subscription: its trial ends, its period renews, a first payment never comes. */
import { changing, tell } from '@/dev/doubles/stripe/changes';
import { daySeconds, hourSeconds, now } from '@/dev/doubles/stripe/clock';
import { cardOf } from '@/dev/doubles/stripe/collection';
import { periodLine } from '@/dev/doubles/stripe/invoices/invoice-lines';
import { draftInvoice } from '@/dev/doubles/stripe/invoices/invoice-shape';
import { keepInvoice, voidInvoice } from '@/dev/doubles/stripe/invoices/invoices';
import type { StripeState } from '@/dev/doubles/stripe/state';
import { anchoredEnd, monthly } from '@/dev/doubles/stripe/subscriptions/periods';
import { cancelNow } from '@/dev/doubles/stripe/subscriptions/subscription-cancel';
import { periodOf } from '@/dev/doubles/stripe/subscriptions/subscription-shape';
import type { Subscription } from '@/dev/doubles/stripe/wire';

const warnedBeforeSeconds = 3 * daySeconds;

/** When `trial_will_end` is due; null where it was sent for this end, or there is no trial. */
export function trialWarningAt(state: StripeState, subscription: Subscription): number | null {
  const { id, status, trial_end: end } = subscription;
  if (status !== 'trialing' || end === null || state.trialWarnings[id] === end) return null;
  return end - warnedBeforeSeconds;
}

/** Sends `trial_will_end` three days before, or at once for a shorter trial. */
export function warnOfTrialEnd(state: StripeState, subscription: Subscription): void {
  const due = trialWarningAt(state, subscription);
  if (due === null || due > now(state, subscription.customer)) return;
  state.trialWarnings[subscription.id] = subscription.trial_end ?? 0;
  tell(state, 'customer.subscription.trial_will_end', subscription);
}

/** Moves the items whose period ended on, in place. */
export function moveOn(subscription: Subscription, at: number): void {
  for (const item of subscription.items.data) {
    if (item.current_period_end > at) continue;
    item.current_period_start = item.current_period_end;
    item.current_period_end = anchoredEnd(
      subscription.billing_cycle_anchor,
      item.current_period_start,
      item.price.recurring ?? monthly,
    );
    item.billed_until = item.current_period_end;
  }
}

/** Begins the next period. Its invoice is a draft for an hour, as Stripe's is, and is charged then. */
export function renew(state: StripeState, subscription: Subscription): void {
  const at = now(state, subscription.customer);
  const period = periodOf(subscription);
  const next = structuredClone(subscription);
  moveOn(next, at);
  if (next.status === 'trialing') next.status = 'active';
  const begun = next.items.data.filter(item => item.current_period_start === period.end);
  const lines = [...(state.pendingLines[subscription.id] ?? []), ...begun.map(item => periodLine(state, next, item))];
  const finalizesAt = at + hourSeconds;
  const invoice = draftInvoice(state, next, { reason: 'subscription_cycle', lines, period, finalizesAt });
  if (next.status === 'unpaid')
    Object.assign(invoice, { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null });
  delete state.pendingLines[subscription.id];
  changing(state, 'customer.subscription.updated', subscription, () => {
    Object.assign(subscription, next, { latest_invoice: invoice.id });
  });
  keepInvoice(state, invoice);
}

/** The trial is over: on with a card, else as `trial_settings` says. */
export function endTrial(state: StripeState, subscription: Subscription): void {
  const behavior = subscription.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice';
  const billed = subscription.collection_method === 'send_invoice' || cardOf(state, subscription) !== null;
  if (billed || behavior === 'create_invoice') {
    renew(state, subscription);
  } else if (behavior === 'cancel') {
    cancelNow(state, subscription);
  } else {
    changing(state, 'customer.subscription.updated', subscription, () => {
      subscription.status = 'paused';
    });
    tell(state, 'customer.subscription.paused', subscription);
  }
}

export const incompleteSeconds = 23 * hourSeconds;

/** A first payment that did not come within 23 hours; voiding its invoice ends the subscription. */
export function expireIncomplete(state: StripeState, subscription: Subscription): void {
  const invoice = state.invoices[subscription.latest_invoice ?? ''];
  if (invoice?.status === 'open') voidInvoice(state, invoice);
}
