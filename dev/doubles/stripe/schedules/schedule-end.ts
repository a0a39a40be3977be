/** The ends of a schedule: released, cancelled or completed. */
import { changing, tell } from '@/dev/doubles/stripe/changes';
import { now } from '@/dev/doubles/stripe/clock';
import type { StripeState } from '@/dev/doubles/stripe/state';
import type { Schedule } from '@/dev/doubles/stripe/wire';

/** Lets the subscription go on without the schedule. */
export function releaseSchedule(state: StripeState, schedule: Schedule, keepCancelDate = true): void {
  const subscription = state.subscriptions[schedule.subscription ?? ''];
  Object.assign(schedule, { status: 'released', released_at: now(state, schedule.customer), current_phase: null });
  Object.assign(schedule, { released_subscription: schedule.subscription, subscription: null });
  tell(state, 'subscription_schedule.released', schedule);
  if (!subscription) return;
  changing(state, 'customer.subscription.updated', subscription, () => {
    subscription.schedule = null;
    if (!keepCancelDate) Object.assign(subscription, { cancel_at: null, canceled_at: null });
  });
}

/** Ends a schedule whose subscription ends; the subscription is the caller's to cancel. */
export function cancelSchedule(state: StripeState, id: string): void {
  const schedule = state.schedules[id];
  if (!schedule || (schedule.status !== 'active' && schedule.status !== 'not_started')) return;
  Object.assign(schedule, { status: 'canceled', canceled_at: now(state, schedule.customer), current_phase: null });
  tell(state, 'subscription_schedule.canceled', schedule);
}

/** Ends a schedule whose last phase is over and that cancels; the subscription is the caller's to cancel. */
export function completeSchedule(state: StripeState, schedule: Schedule): void {
  Object.assign(schedule, { status: 'completed', completed_at: now(state, schedule.customer), current_phase: null });
  tell(state, 'subscription_schedule.completed', schedule);
}
