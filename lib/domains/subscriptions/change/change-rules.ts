/**
 * When a plan may change, which way a change goes, and what will not fit. Pure.
 * Source: docs/architecture.md, Plans and Billing.
 */
import { type PlanName, plans } from '@/lib/domains/subscriptions/rules';

/** What of a subscription decides whether its plan may change; as Stripe has it now. */
export type ChangeableFacts = {
  stripeStatus: string;
  /** When it ends by the customer's own wish; null while it renews. */
  cancelAt: Date | null;
  /** How many different things it bills, and how many of the first. */
  items: number;
  quantity: number;
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const dayText = (day: Date) => `${day.getUTCDate()} ${months[day.getUTCMonth()]} ${day.getUTCFullYear()}`;

/** Why the plan cannot change now, in a sentence that says what to do; null where it can. */
export function refusalOf({ stripeStatus, cancelAt, items, quantity }: ChangeableFacts): string | null {
  if (stripeStatus === 'past_due' || stripeStatus === 'unpaid')
    return 'A payment is owed. Pay the open invoice first, then change the plan.';
  if (stripeStatus === 'paused') return 'The subscription is paused. Add a card in Stripe first, then change the plan.';
  if (stripeStatus !== 'active' && stripeStatus !== 'trialing')
    return 'There is no paid plan to change. Choose a plan on the Billing page to start one.';
  if (cancelAt) return `The subscription ends on ${dayText(cancelAt)}. Renew it in Stripe first, then change the plan.`;
  if (items !== 1 || quantity !== 1)
    return 'This subscription was made to measure by our support. Write to support to change the plan.';
  return null;
}

/** How long, in seconds, a person may look at an amount before confirming it. */
export const quoteSeconds = 15 * 60;
/** How far, in seconds, two machines of Stripe may be apart. */
const skewSeconds = 30;

/**
 * Whether an amount computed for `quotedAt` may still be confirmed at `now`. Both are Unix seconds of Stripe's own time for
 * the subscription: an instant of the caller's choosing would let it choose the price.
 */
export const isFreshQuote = (quotedAt: number, now: number): boolean =>
  quotedAt >= now - quoteSeconds && quotedAt <= now + skewSeconds;

/** More in use than the smaller plan includes. */
export type Misfit = { what: 'seats' | 'providers' | 'runs_per_day'; used: number; limit: number };

/** What in use now is over the plan's limits, in the order of the plan cards. */
export function misfitsOf(plan: PlanName, use: { seats: number; providers: number; runsToday: number }): Misfit[] {
  const { seats, providers, runsPerDay } = plans[plan];
  const all: Misfit[] = [
    { what: 'seats', used: use.seats, limit: seats },
    { what: 'providers', used: use.providers, limit: providers },
    { what: 'runs_per_day', used: use.runsToday, limit: runsPerDay },
  ];
  return all.filter(({ used, limit }) => used > limit);
}

const dayMs = 86_400_000;
/** Stripe takes no shorter trial from Checkout. */
const shortestTrialMs = 2 * dayMs;

const secondMs = 1_000;

/**
 * The trial's end: the last second of its last day (yyyy-mm-dd, UTC). Stripe counts in seconds and shows the day its
 * instant lies in, so midnight would be told to customers there as the day after.
 */
export const trialEnd = (lastDay: string): Date => new Date(Date.parse(`${lastDay}T00:00:00Z`) + dayMs - secondMs);

/** The trial's end that Checkout may pass on; null where less than 48 h are left, so that paying starts at once. */
export function trialToPassOn(trialEndDate: string | null, now: Date): Date | null {
  if (trialEndDate === null) return null;
  const end = trialEnd(trialEndDate);
  return end.getTime() - now.getTime() >= shortestTrialMs ? end : null;
}
