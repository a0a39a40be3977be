/** Rules of sending: when the next attempt is due, when we give up, and what messages about limits tell. Pure. */
import { z } from 'zod';
import { nextUtcMonth } from '@/lib/domains/quotas/rules';
import { addDays } from '@/lib/platform/clock';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Waits after the first, second … failed attempt. Together 14 h 36 min, and up to a tenth more: all attempts lie within the 24 hours in which
 * the mail service knows an idempotency key, so a message whose answer was lost is not sent twice.
 */
export const backoffMs = [minuteMs, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 12 * hourMs] as const;

export const maxAttempts = backoffMs.length + 1;

/** How long a sender may be silent about a message before another one takes it over. */
export const leaseMs = minuteMs;

/** Days before its end at which people are told of an API key, and of the trial. Source: docs/architecture.md, Notifications. */
export const keyMarkDays = [1, 7, 14] as const;
export const trialMarkDays = [1, 3, 7] as const;

/** Most messages of one event that an address is sent in 24 hours. */
export type Allowance = {
  /** From one organization. */
  fromOne: number;
  /** From all organizations together, where strangers may name the address. */
  fromAll?: number;
};

/** A day on which everything fails makes this many mails and no more; the overview lists every run. */
export const failedRunsADay = 50;
/** Whoever has more configs that miss their schedule on a day has one trouble, not many. */
export const missedSchedulesADay = 20;

/**
 * Why nothing ran at a time of a schedule: nobody claimed the run, too many of the customer wait already, or a refusal, of
 * each claim while the run waited or of all runs, so that none was made.
 */
export const missReasons = [
  'unclaimed',
  'too_many_pending',
  'quota_exceeded',
  'monthly_quota_exceeded',
  'concurrency_exceeded',
  'subscription_inactive',
  'customer_suspended',
] as const;
export type MissReason = (typeof missReasons)[number];

/** The mark that so many days count as: the smallest one not below them; null when the end is further away. */
export const markOf = (daysLeft: number, marks: readonly number[]): number | null =>
  marks.find(mark => daysLeft <= mark) ?? null;

export const day = z.iso.date();
export const count = z.number().int().min(0);
/** Names things in Stripe or here; no message shows it. */
export const id = z.string().max(2_000);
/** What a person, a worker or a provider wrote: contents.ts makes these two harmless before a message shows them. */
export const writtenName = z.string().max(2_000);
export const writtenText = z.string().max(2_000);

export const endOfDay = (data: { day: string }) => new Date(`${addDays(data.day, 1)}T00:00:00Z`);

/** What is said of a day's runs. */
export const ofDay = {
  data: z.strictObject({ day, runs: count, daily_limit: count }),
  subject: (data: { day: string }) => data.day,
  until: endOfDay,
} as const;
/** What is said of a month's events; `month` is its first day. A limit that was raised may be reached as well. */
export const ofMonth = {
  data: z.strictObject({ month: day, events: count, monthly_limit: count }),
  subject: (data: { month: string; monthly_limit: number }) => `${data.month}:${data.monthly_limit}`,
  until: (data: { month: string }) => nextUtcMonth(new Date(data.month)),
} as const;
/** What a UTC month's AI usage came to of one budget; an amount that was changed may be reached as well. */
export const ofBudget = {
  data: z.strictObject({
    budget_id: id,
    /** `all AI usage`, `the developer mia@example.com`. */
    about: writtenName,
    month: day,
    spent_usd: z.number().min(0),
    amount_usd: z.number().positive(),
    /** Requests without a price, which `spent_usd` lacks. */
    unpriced: count,
  }),
  subject: (data: { budget_id: string; month: string; amount_usd: number }) =>
    `${data.budget_id}@${data.month}:${data.amount_usd}`,
  until: (data: { month: string }) => nextUtcMonth(new Date(data.month)),
} as const;
