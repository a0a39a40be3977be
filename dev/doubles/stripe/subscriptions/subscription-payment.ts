/** What becomes of a subscription when an invoice of its own is paid, fails or is given up. */
import { changing, tell } from '@/dev/doubles/stripe/changes';
import { now } from '@/dev/doubles/stripe/clock';
import { customerOfSubscription } from '@/dev/doubles/stripe/invoices/invoice-shape';
import type { StripeState } from '@/dev/doubles/stripe/state';
import { applyPendingUpdate, tellPendingEnd } from '@/dev/doubles/stripe/subscriptions/subscription-pending';
import type { Invoice, Subscription } from '@/dev/doubles/stripe/wire';

const recovers = new Set(['incomplete', 'past_due', 'unpaid', 'paused']);

/** Only the newest invoice decides; an older one paid late changes nothing. */
const isLatest = (subscription: Subscription, invoice: Invoice) => subscription.latest_invoice === invoice.id;

function setDelinquent(state: StripeState, subscription: Subscription, delinquent: boolean): void {
  const customer = customerOfSubscription(state, subscription);
  changing(state, 'customer.updated', customer, () => {
    customer.delinquent = delinquent;
  });
}

export function afterPaid(state: StripeState, subscription: Subscription, invoice: Invoice): void {
  if (!isLatest(subscription, invoice)) return;
  const { status: was, pending_update: pending } = subscription;
  changing(state, 'customer.subscription.updated', subscription, () => {
    if (recovers.has(subscription.status)) subscription.status = 'active';
    if (subscription.pending_update) applyPendingUpdate(subscription);
  });
  if (pending) tellPendingEnd(state, subscription, 'applied');
  if (was === 'paused') tell(state, 'customer.subscription.resumed', subscription);
  if (was === 'past_due' || was === 'unpaid') setDelinquent(state, subscription, false);
}

/** A failed charge: a first payment leaves the subscription incomplete, a later one makes it past due. */
export function afterFailed(state: StripeState, subscription: Subscription): void {
  if (subscription.pending_update || subscription.status !== 'active') return;
  changing(state, 'customer.subscription.updated', subscription, () => {
    subscription.status = 'past_due';
  });
  setDelinquent(state, subscription, true);
}

/** An invoice void or written off no longer holds its subscription back; a first one ends it. */
export function afterGivenUp(state: StripeState, subscription: Subscription, invoice: Invoice): void {
  if (!isLatest(subscription, invoice)) return;
  const pending = subscription.pending_update;
  changing(state, 'customer.subscription.updated', subscription, () => {
    if (subscription.pending_update) {
      subscription.pending_update = null;
    } else if (subscription.status === 'incomplete') {
      subscription.status = 'incomplete_expired';
      subscription.ended_at = now(state, subscription.customer);
    } else if (subscription.status === 'past_due' || subscription.status === 'unpaid') {
      subscription.status = 'active';
    }
  });
  if (pending) tellPendingEnd(state, subscription, 'expired');
}
