/** What time does to a schedule: a phase ends, and the next begins or the schedule is over. */
import { changing } from '@/dev/doubles/stripe/changes';
import { mergeMetadata } from '@/dev/doubles/stripe/params';
import { completeSchedule, releaseSchedule } from '@/dev/doubles/stripe/schedules/schedule-end';
import type { StripeState } from '@/dev/doubles/stripe/state';
import { cancelNow } from '@/dev/doubles/stripe/subscriptions/subscription-cancel';
import { discardPendingUpdate } from '@/dev/doubles/stripe/subscriptions/subscription-discard';
import { type ItemChange, prorationBehavior } from '@/dev/doubles/stripe/subscriptions/subscription-params';
import { changeItems } from '@/dev/doubles/stripe/subscriptions/subscription-update';
import type { Schedule, SchedulePhase, Subscription } from '@/dev/doubles/stripe/wire';

const priceId = (item: SchedulePhase['items'][number]): string =>
  typeof item.price === 'string' ? item.price : item.price.id;

/** The changes that give a subscription a phase's items: same prices stay, others go, the rest is new. */
export function itemChanges(subscription: Subscription, phase: SchedulePhase): ItemChange[] {
  const wanted = new Map(phase.items.map(item => [priceId(item), item]));
  const kept = subscription.items.data.map((item): ItemChange => {
    const same = wanted.get(item.price.id);
    wanted.delete(item.price.id);
    return same ? { id: item.id, quantity: same.quantity ?? 1 } : { id: item.id, deleted: true };
  });
  const added = [...wanted.values()].map(
    (item): ItemChange => ({ price: priceId(item), quantity: item.quantity ?? 1 }),
  );
  return [...kept, ...added];
}

/** Gives a subscription what a phase says; billed as the phase's proration says. */
export function enterPhase(state: StripeState, subscription: Subscription, phase: SchedulePhase): void {
  const proration_behavior = prorationBehavior.catch('create_prorations').parse(phase.proration_behavior);
  changing(state, 'customer.subscription.updated', subscription, () => {
    subscription.metadata = mergeMetadata(subscription.metadata, phase.metadata ?? {});
    if (typeof phase.default_payment_method === 'string') {
      subscription.default_payment_method = phase.default_payment_method;
    }
  });
  changeItems(state, subscription, { items: itemChanges(subscription, phase), proration_behavior });
}

/** Ends the current phase of a schedule. */
export function endPhase(state: StripeState, schedule: Schedule): void {
  const subscription = state.subscriptions[schedule.subscription ?? ''];
  const next = schedule.phases.find(phase => phase.start_date === schedule.current_phase?.end_date);
  if (subscription) discardPendingUpdate(state, subscription);
  if (subscription && next) {
    changing(state, 'subscription_schedule.updated', schedule, () => {
      schedule.current_phase = { start_date: next.start_date, end_date: next.end_date };
    });
    enterPhase(state, subscription, next);
    return;
  }
  if (schedule.end_behavior === 'cancel' && subscription) {
    completeSchedule(state, schedule);
    cancelNow(state, subscription);
  } else {
    releaseSchedule(state, schedule);
  }
}
