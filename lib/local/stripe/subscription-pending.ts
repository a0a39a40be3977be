/** Pending updates: a change that waits, at most 23 hours, for its invoice to be paid. */
import { hourSeconds, now } from '@/lib/local/stripe/clock';
import type { StripeState } from '@/lib/local/stripe/state';
import type { Subscription } from '@/lib/local/stripe/wire';

const waitsSeconds = 23 * hourSeconds;

/** Keeps the change `planned` makes to a subscription beside it. */
export function holdUpdate(state: StripeState, subscription: Subscription, planned: Subscription): void {
  subscription.pending_update = {
    billing_cycle_anchor: planned.billing_cycle_anchor,
    cancel_at_period_end: null,
    discount: null,
    discounts: null,
    expires_at: now(state, subscription.customer) + waitsSeconds,
    metadata: null,
    subscription_items: structuredClone(planned.items.data),
    trial_end: planned.trial_end,
    trial_from_plan: null,
  };
}

/** Makes the change that waited; the caller tells it. */
export function applyPendingUpdate(subscription: Subscription): void {
  const pending = subscription.pending_update;
  if (!pending) return;
  subscription.pending_update = null;
  if (pending.subscription_items) subscription.items.data = pending.subscription_items;
  subscription.billing_cycle_anchor = pending.billing_cycle_anchor ?? subscription.billing_cycle_anchor;
  subscription.trial_end = pending.trial_end;
}
