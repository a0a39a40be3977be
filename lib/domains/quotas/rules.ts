/** What callers hear of a refused start, and when they may ask again. Pure. */
import { nextUtcMidnight } from '@/lib/platform/clock';
import { AppError, type ErrorCode } from '@/lib/platform/errors';

/** The counts as a caller is told of them. */
export type QuotaSnapshot = {
  /** UTC day of runsToday, yyyy-mm-dd. */
  day: string;
  runsToday: number;
  dailyLimit: number;
  runsMonth: number;
  /** Null is without limit. */
  monthlyLimit: number | null;
  running: number;
  concurrentLimit: number;
  /** 80 % of the daily limit is reached. */
  warning: boolean;
  /** The daily limit is reached; the next start is refused. */
  exceeded: boolean;
};

export const refusals = [
  'unknown_customer',
  'unknown_config',
  'subscription_inactive',
  'customer_suspended',
  'quota_exceeded',
  'monthly_quota_exceeded',
  'concurrency_exceeded',
  'idempotency_mismatch',
] as const;
export type Refusal = (typeof refusals)[number];

/** A slot may free at any moment; asked more often, a full customer would only load the counter. */
const concurrencyRetrySeconds = 5;

/** First instant of the next UTC month. */
export const nextUtcMonth = (instant: Date): Date =>
  new Date(Date.UTC(instant.getUTCFullYear(), instant.getUTCMonth() + 1, 1));

/** Whole seconds until `then`, at least 1. */
export const secondsUntil = (then: Date, now: Date): number =>
  Math.max(1, Math.ceil((then.getTime() - now.getTime()) / 1000));

type Words = { code: ErrorCode; message: (quota: QuotaSnapshot) => string; retryAt?: (now: Date) => Date };

const words: Record<Refusal, Words> = {
  unknown_customer: { code: 'not_found', message: () => 'There is no such customer.' },
  unknown_config: {
    code: 'not_found',
    message: () => 'There is no such provider config, or it is switched off.',
  },
  subscription_inactive: {
    code: 'subscription_inactive',
    message: () => 'Runs are paused because the subscription is not active.',
  },
  customer_suspended: { code: 'customer_suspended', message: () => 'This organization is suspended. Write to us.' },
  quota_exceeded: {
    code: 'quota_exceeded',
    message: quota => `All ${quota.dailyLimit} runs of today are used. The count starts again at 00:00 UTC.`,
    retryAt: nextUtcMidnight,
  },
  monthly_quota_exceeded: {
    code: 'quota_exceeded',
    message: quota => `All ${quota.monthlyLimit} runs of this month are used.`,
    retryAt: nextUtcMonth,
  },
  concurrency_exceeded: {
    code: 'concurrency_exceeded',
    message: quota => `${quota.running} of ${quota.concurrentLimit} runs are running. Complete one first.`,
    retryAt: now => new Date(now.getTime() + concurrencyRetrySeconds * 1000),
  },
  idempotency_mismatch: {
    code: 'idempotency_mismatch',
    message: () => 'This Idempotency-Key was used with another request in the last 24 hours.',
  },
};

/** True when the start was refused because a limit was reached, which the day's row counts. */
export const isLimitReached = (refusal: Refusal): boolean => words[refusal].retryAt !== undefined;

/**
 * The error a refused start answers; quotas name the limit and carry seconds to wait.
 * Source: docs/architecture.md, POST /v1/runs.
 */
export function refusalError(refusal: Refusal, quota: QuotaSnapshot, now: Date): AppError {
  const { code, message, retryAt } = words[refusal];
  if (!retryAt) return new AppError(code, message(quota));
  const period = { quota_exceeded: 'day', monthly_quota_exceeded: 'month', concurrency_exceeded: 'now' };
  return new AppError(code, message(quota), {
    retryAfterSeconds: secondsUntil(retryAt(now), now),
    details: {
      period: period[refusal as keyof typeof period],
      runs_today: quota.runsToday,
      daily_limit: quota.dailyLimit,
      runs_month: quota.runsMonth,
      monthly_limit: quota.monthlyLimit,
      running: quota.running,
      concurrent_limit: quota.concurrentLimit,
    },
  });
}
