/** The end of a subscription: at once, at a time, or at its period's end. */
import { changing, tell } from '@/dev/doubles/stripe/changes';
import { now } from '@/dev/doubles/stripe/clock';
import { StripeError } from '@/dev/doubles/stripe/errors';
import { cancelSchedule } from '@/dev/doubles/stripe/schedules/schedule-end';
import type { StripeState } from '@/dev/doubles/stripe/state';
import type { Common } from '@/dev/doubles/stripe/subscriptions/subscription-params';
import { periodOf } from '@/dev/doubles/stripe/subscriptions/subscription-shape';
import type { Subscription } from '@/dev/doubles/stripe/wire';

type Details = Partial<NonNullable<Subscription['cancellation_details']>>;

/** Ends a subscription now. Its drafts are no longer finalized, and its schedule ends with it. */
export function cancelNow(state: StripeState, subscription: Subscription, details: Details = {}): void {
  const at = now(state, subscription.customer);
  if (subscription.schedule) cancelSchedule(state, subscription.schedule);
  for (const invoice of Object.values(state.invoices)) {
    if (invoice.parent?.subscription_details?.subscription !== subscription.id) continue;
    if (invoice.status !== 'draft' && invoice.status !== 'open') continue;
    changing(state, 'invoice.updated', invoice, () => {
      Object.assign(invoice, { auto_advance: false, next_payment_attempt: null, automatically_finalizes_at: null });
    });
  }
  delete state.pendingLines[subscription.id];
  Object.assign(subscription, { status: 'canceled', canceled_at: subscription.canceled_at ?? at, ended_at: at });
  const before = subscription.cancellation_details ?? { comment: null, feedback: null, feedback_option: null };
  subscription.cancellation_details = {
    ...before,
    ...details,
    reason: details.reason ?? subscription.cancellation_details?.reason ?? 'cancellation_requested',
  };
  subscription.pending_update = null;
  tell(state, 'customer.subscription.deleted', subscription);
}

const managed = (schedule: string) =>
  new StripeError(
    400,
    `The subscription is managed by the subscription schedule \`${schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
  );

/** When a subscription is to end by what was given; undefined where nothing was said. */
function wantedEnd(subscription: Subscription, given: Common, at: number): number | null | undefined {
  const { start, end } = periodOf(subscription);
  if (given.cancel_at_period_end !== undefined) return given.cancel_at_period_end ? Math.max(start, end) : null;
  if (given.cancel_at === undefined || given.cancel_at === null) return given.cancel_at;
  if (typeof given.cancel_at === 'string') return end;
  if (given.cancel_at > at) return given.cancel_at;
  throw new StripeError(400, 'Invalid timestamp: must be an integer Unix timestamp in the future.', {
    param: 'cancel_at',
  });
}

/** Writes `cancel_at` and `cancel_at_period_end` into a subscription. Throws 400 where a schedule decides that. */
export function setCancel(state: StripeState, subscription: Subscription, given: Common): void {
  const { comment, feedback } = given.cancellation_details ?? {};
  const details = subscription.cancellation_details;
  if (details && comment !== undefined) details.comment = comment;
  if (details && feedback !== undefined) details.feedback = feedback;
  if (given.cancel_at && given.cancel_at_period_end) {
    throw new StripeError(400, 'You may only specify one of these parameters: cancel_at, cancel_at_period_end.');
  }
  const at = now(state, subscription.customer);
  const end = wantedEnd(subscription, given, at);
  if (end === undefined || (end === null && subscription.cancel_at === null)) return;
  if (subscription.schedule) throw managed(subscription.schedule);
  subscription.cancel_at = end;
  subscription.cancel_at_period_end = given.cancel_at_period_end ?? false;
  subscription.canceled_at = end === null ? null : (subscription.canceled_at ?? at);
  if (details) details.reason = end === null ? null : 'cancellation_requested';
}
