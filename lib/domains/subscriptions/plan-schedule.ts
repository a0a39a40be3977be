/** A change of plan at the period's end: a schedule of two phases on the subscription, which then lets it go. */
import type { LiveSubscription } from '@/lib/domains/subscriptions/live-subscription';
import { briefly, changing } from '@/lib/domains/subscriptions/stripe-call';
import { stripe } from '@/lib/platform/stripe';

/**
 * Keeps the plan until the paid period (or the trial) ends, then changes to `priceId`. A schedule that is there is
 * changed, so that a subscription never has two. Repeating it changes nothing.
 */
export async function scheduleChange(live: LiveSubscription, priceId: string): Promise<void> {
  const schedule = await changing(() =>
    live.scheduleId
      ? stripe().subscriptionSchedules.retrieve(live.scheduleId, {}, briefly)
      : stripe().subscriptionSchedules.create({ from_subscription: live.id }, briefly),
  );
  const end = Math.floor((live.trialEnd ?? live.periodEnd).getTime() / 1000);
  const start = schedule.current_phase?.start_date ?? schedule.phases[0]?.start_date;
  if (start === undefined) throw new Error(`the schedule ${schedule.id} has no phase`);
  const now = { items: [{ price: live.priceId, quantity: 1 }], start_date: start, end_date: end };
  const next = { items: [{ price: priceId, quantity: 1 }], duration: { interval: 'month' as const } };
  await changing(() =>
    stripe().subscriptionSchedules.update(
      schedule.id,
      {
        end_behavior: 'release',
        proration_behavior: 'none',
        phases: [
          { ...now, proration_behavior: 'none', ...(live.trialEnd ? { trial_end: end } : {}) },
          { ...next, proration_behavior: 'none' },
        ],
      },
      briefly,
    ),
  );
}

/** Lets the subscription go on as it is. */
export async function releaseSchedule(scheduleId: string): Promise<void> {
  await changing(() => stripe().subscriptionSchedules.release(scheduleId, {}, briefly));
}
