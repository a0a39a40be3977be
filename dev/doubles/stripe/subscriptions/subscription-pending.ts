/** Pending updates: a change that waits, at most 23 hours, for its invoice to be paid. See docs.stripe.com, Pending updates. */
import { tell } from '@/dev/doubles/stripe/changes';
import { hourSeconds, now } from '@/dev/doubles/stripe/clock';
import { StripeError } from '@/dev/doubles/stripe/errors';
import { mergeMetadata } from '@/dev/doubles/stripe/params';
import type { StripeState } from '@/dev/doubles/stripe/state';
import type { Update } from '@/dev/doubles/stripe/subscriptions/subscription-params';
import { periodOf } from '@/dev/doubles/stripe/subscriptions/subscription-shape';
import type { Subscription } from '@/dev/doubles/stripe/wire';

const waitsSeconds = 23 * hourSeconds;

/** What an update that may wait can change. `off_session` and `expand` change nothing. */
const canWait = new Set<string>([
  'items',
  'payment_behavior',
  'proration_behavior',
  'proration_date',
  'billing_cycle_anchor',
  'trial_end',
  'metadata',
  'off_session',
  'expand',
] satisfies (keyof Update | 'expand')[]);

/** Throws 400 where an update that may wait for its payment would change what cannot wait. */
export function checkCanWait(subscription: Subscription, given: Update): void {
  if (given.payment_behavior !== 'pending_if_incomplete') return;
  const param = Object.keys(given).find(name => given[name as keyof Update] !== undefined && !canWait.has(name));
  if (param) {
    const text = `You cannot set \`${param}\` when \`payment_behavior\` is \`pending_if_incomplete\`: pending updates do not support it.`;
    throw new StripeError(400, text, { param });
  }
  if (subscription.collection_method === 'charge_automatically') return;
  const text = 'Pending updates are only supported for subscriptions with `collection_method=charge_automatically`.';
  throw new StripeError(400, text, { param: 'payment_behavior' });
}

/** Until when a change waits: 23 hours, the period's end or the trial's, whichever comes first. */
function expiry(state: StripeState, subscription: Subscription): number {
  const at = now(state, subscription.customer);
  const ends = [at + waitsSeconds, periodOf(subscription).end, subscription.trial_end ?? 0];
  return Math.min(...ends.filter(end => end > at));
}

/** Keeps the change `planned` makes to a subscription beside it. */
export function holdUpdate(
  state: StripeState,
  subscription: Subscription,
  planned: Subscription,
  given: Pick<Update, 'metadata'>,
): void {
  subscription.pending_update = {
    billing_cycle_anchor: planned.billing_cycle_anchor,
    cancel_at_period_end: null,
    discount: null,
    discounts: null,
    expires_at: expiry(state, subscription),
    metadata: given.metadata === undefined ? null : mergeMetadata({}, given.metadata),
    subscription_items: structuredClone(planned.items.data),
    trial_end: planned.trial_end,
    trial_from_plan: null,
  };
}

/** Makes the change that waited; the caller tells that the subscription has changed. */
export function applyPendingUpdate(subscription: Subscription): void {
  const pending = subscription.pending_update;
  if (!pending) return;
  subscription.pending_update = null;
  if (pending.subscription_items) subscription.items.data = pending.subscription_items;
  if (pending.metadata) subscription.metadata = mergeMetadata(subscription.metadata, pending.metadata);
  subscription.billing_cycle_anchor = pending.billing_cycle_anchor ?? subscription.billing_cycle_anchor;
  subscription.trial_end = pending.trial_end;
}

/** Tells the end of a change that waited. */
export const tellPendingEnd = (state: StripeState, subscription: Subscription, end: 'applied' | 'expired'): void =>
  tell(state, `customer.subscription.pending_update_${end}`, subscription);
