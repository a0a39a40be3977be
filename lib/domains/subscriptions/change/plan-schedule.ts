/** A change of plan at the period's end: a schedule of two phases on the subscription, which then lets it go. */
import type Stripe from 'stripe';
import type { LiveSubscription } from '@/lib/domains/subscriptions/change/live-subscription';
import { asking, briefly, changing } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { idOf } from '@/lib/domains/subscriptions/sync/stripe-events';
import { log } from '@/lib/platform/log';
import { stripe } from '@/lib/platform/stripe';

/** One attempt, so that what failed before it is told soon. */
const onceBriefly = { timeout: 5_000, maxNetworkRetries: 0 } satisfies Stripe.RequestOptions;

/** The plan until the paid period (or the trial) ends, then another for a month. */
function twoPhases(
  live: LiveSubscription,
  schedule: Stripe.SubscriptionSchedule,
  priceId: string,
): Stripe.SubscriptionScheduleUpdateParams {
  const end = Math.floor((live.trialEnd ?? live.periodEnd).getTime() / 1000);
  const start = schedule.current_phase?.start_date ?? schedule.phases[0]?.start_date;
  if (start === undefined) throw new Error(`the schedule ${schedule.id} has no phase`);
  const now = { items: [{ price: live.priceId, quantity: 1 }], start_date: start, end_date: end };
  const next = { items: [{ price: priceId, quantity: 1 }], duration: { interval: 'month' as const } };
  return {
    end_behavior: 'release',
    proration_behavior: 'none',
    phases: [
      { ...now, proration_behavior: 'none', ...(live.trialEnd ? { trial_end: end } : {}) },
      { ...next, proration_behavior: 'none' },
    ],
  };
}

/** Takes back a schedule that says nothing yet; where that fails too it lets the subscription go at the period's end. */
async function discard(scheduleId: string): Promise<void> {
  await stripe()
    .subscriptionSchedules.release(scheduleId, {}, onceBriefly)
    .catch(error => log().warn({ err: error, stripe_schedule_id: scheduleId }, 'an empty schedule was not released'));
}

/**
 * Keeps the plan until the paid period (or the trial) ends, then changes to `priceId`. A schedule that is there is
 * changed, so that a subscription never has two. Repeating it changes nothing; where it fails no new schedule stays.
 */
export async function scheduleChange(live: LiveSubscription, priceId: string): Promise<void> {
  const known = live.scheduleId;
  const schedule = await changing(() =>
    known
      ? stripe().subscriptionSchedules.retrieve(known, {}, briefly)
      : stripe().subscriptionSchedules.create({ from_subscription: live.id }, briefly),
  );
  try {
    const phases = twoPhases(live, schedule, priceId);
    await changing(() => stripe().subscriptionSchedules.update(schedule.id, phases, briefly));
  } catch (error) {
    if (!known) await discard(schedule.id);
    throw error;
  }
}

/** The price that a schedule changes to after its current phase; null where it changes nothing. */
export async function plannedPrice(scheduleId: string, currentPriceId: string): Promise<string | null> {
  const { phases, current_phase: current } = await asking(() =>
    stripe().subscriptionSchedules.retrieve(scheduleId, {}, briefly),
  );
  const next = phases.find(phase => current && phase.start_date >= current.end_date);
  const price = idOf(next?.items[0]?.price);
  return price === currentPriceId ? null : price;
}

/** Lets the subscription go on as it is. */
export async function releaseSchedule(scheduleId: string): Promise<void> {
  await changing(() => stripe().subscriptionSchedules.release(scheduleId, {}, briefly));
}
