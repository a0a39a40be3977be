/** What callers hear where a query of the desk is not run, or ended without a result. */
import { nextUtcMidnight } from '@/lib/platform/clock';
import { AppError } from '@/lib/platform/errors';

/** Until the next UTC day. */
export const secondsOfDayLeft = (now: Date): number =>
  Math.max(1, Math.ceil((nextUtcMidnight(now).getTime() - now.getTime()) / 1_000));

const grouped = (bytes: number): string => `${bytes.toLocaleString('en-US')} bytes`;

/** The estimate is above what one query may bill; nothing was billed. */
export const overCap = (estimatedBytes: number, capBytes: number): AppError =>
  new AppError(
    'query_over_cap',
    `This query would bill ${grouped(estimatedBytes)}, and may bill ${grouped(capBytes)}. Read fewer columns, or filter by the partition column.`,
    { details: { estimated_bytes: estimatedBytes, cap_bytes: capBytes } },
  );

export type SpentBudget = { estimatedBytes: number; dayBytes: number; dayLimitBytes: number };

/** The day's bytes are spent, or what is left is less than this query would take. */
export function budgetSpent({ estimatedBytes, dayBytes, dayLimitBytes }: SpentBudget, now: Date): AppError {
  const left = Math.max(0, dayLimitBytes - dayBytes);
  const message =
    dayLimitBytes === 0
      ? 'Your organization runs no queries: the bytes that it may bill in a day are set to 0.'
      : `Of today’s ${grouped(dayLimitBytes)}, ${grouped(left)} are left, and this query would bill ${grouped(estimatedBytes)}. The day ends at midnight UTC.`;
  return new AppError('bytes_budget_spent', message, {
    retryAfterSeconds: secondsOfDayLeft(now),
    details: { estimated_bytes: estimatedBytes, day_bytes: dayBytes, day_limit_bytes: dayLimitBytes },
  });
}

const planWords = {
  subscription_inactive: 'Queries are not run because the subscription is not active. What ran before can be read.',
  customer_suspended: 'This organization is suspended. Write to us.',
};

/** Nothing of this organization is run, as its plan has ended or it is suspended. */
export const notRun = (reason: keyof typeof planWords): AppError => new AppError(reason, planWords[reason]);

/** The same error of a query that is on record, so that its caller finds it there instead of running it again. */
export function ofQuery(error: AppError, queryId: string): AppError {
  const { code, message, retryAfterSeconds, details, cause } = error;
  return new AppError(code, message, {
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    details: { ...details, query_id: queryId },
    cause: cause ?? error,
  });
}

export const noSuchQuery = (): AppError => new AppError('not_found', 'There is no query with this id.');
