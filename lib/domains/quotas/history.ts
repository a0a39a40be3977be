/** A customer's use day by day: every day of a period, with the days that nobody measured said to be so. */

import { type DayRange, daysIn, rangeBefore } from '@/lib/domains/quotas/day-range';
import { listDays, type QuotaDay } from '@/lib/domains/quotas/queries';
import type { Quota } from '@/lib/domains/quotas/read-quota';
import type { Ctx } from '@/lib/kernel/ctx';
import { daysFrom } from '@/lib/platform/clock';
import { csvLine } from '@/lib/platform/csv';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

/** Lengths in days that pages and the download offer; all end today. */
export const historyLengths = [7, 30, 90] as const;
export type HistoryLength = (typeof historyLengths)[number];
/** Most days of a range that is chosen by its first and last day. */
export const maxHistoryDays = 366;

export type DayUse = {
  runs: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  /** Started that day and not ended yet. */
  running: number;
  refused: number;
  /** Daily limit that held at the day's last change. */
  limit: number;
  mostAtOnce: number;
};

/** One UTC day (yyyy-mm-dd); `use` is null where nothing was measured, which is not the same as 0. */
export type HistoryDay = { day: string; isToday: boolean; use: DayUse | null };

export type History = RowsAge & {
  /** Oldest first. */
  days: HistoryDay[];
  /** As many days before them; null where they were not asked for. */
  before: HistoryDay[] | null;
};

function measuredUse(row: QuotaDay): DayUse {
  const runs = row.pipelines_run_today ?? 0;
  const succeeded = row.pipelines_succeeded_today ?? 0;
  const failed = row.pipelines_failed_today ?? 0;
  const cancelled = row.pipelines_cancelled_today ?? 0;
  return {
    runs,
    succeeded,
    failed,
    cancelled,
    running: Math.max(0, runs - succeeded - failed - cancelled),
    refused: row.pipelines_refused_today ?? 0,
    limit: row.daily_limit,
    mostAtOnce: row.max_concurrent_reached ?? 0,
  };
}

/** A day without a run yet has no row, but the counter measured it. */
function untouchedToday(quota: Quota): DayUse | null {
  if (quota.runsToday > 0) return null;
  const none = { runs: 0, succeeded: 0, failed: 0, cancelled: 0, running: 0, refused: 0 };
  return { ...none, limit: quota.dailyLimit, mostAtOnce: quota.running };
}

/** The days of the range, from the rows that exist; `quota` says which is today. Pure. */
export function fillDays(rows: readonly QuotaDay[], quota: Quota, range: DayRange): HistoryDay[] {
  const known = new Map(rows.map(row => [row.usage_date, row]));
  return daysFrom(range.from, daysIn(range)).map(day => {
    const isToday = day === quota.day;
    const row = known.get(day);
    return { day, isToday, use: row ? measuredUse(row) : isToday ? untouchedToday(quota) : null };
  });
}

/**
 * Use of each UTC day of the range from BigQuery, with `withBefore` also of as many days before it; `quota` says which
 * day it is. Throws AppError forbidden, warehouse_unavailable.
 */
export async function readHistory(
  ctx: Ctx,
  quota: Quota,
  range: DayRange,
  { withBefore = false } = {},
): Promise<History> {
  const before = withBefore ? rangeBefore(range) : null;
  const { rows, state, readAt, pendingSince } = await listDays(ctx, {
    fromDay: (before ?? range).from,
    toDay: range.to,
  });
  const days = fillDays(rows, quota, range);
  return { state, readAt, pendingSince, days, before: before && fillDays(rows, quota, before) };
}

/** The days as CSV, a head line first; a day nobody measured has empty cells. */
export async function* historyCsv(days: readonly HistoryDay[]): AsyncGenerator<string> {
  yield csvLine(['usage_date', 'runs', 'succeeded', 'failed', 'cancelled', 'refused', 'daily_limit', 'most_at_once']);
  for (const { day, use } of days) {
    yield csvLine([
      day,
      use?.runs,
      use?.succeeded,
      use?.failed,
      use?.cancelled,
      use?.refused,
      use?.limit,
      use?.mostAtOnce,
    ]);
  }
}
