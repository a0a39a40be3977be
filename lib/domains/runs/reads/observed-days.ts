/** Observed runs by UTC day: those that take no quota, so that the days of use do not count them. */
import { z } from 'zod';
import { type DayRange, daysIn } from '@/lib/domains/quotas/day-range';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { addDays } from '@/lib/platform/clock';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

const longestDays = 366;
const midnight = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** A row a UTC day with observed runs that started on it, the oldest first. */
export const countObservedDays = defineQuery({
  name: 'run.count_observed_days',
  permission: 'runs:read',
  sql: 'runs/count-observed-days.sql',
  withoutOverlay: 'Orchestrators report these runs all day; no person changes them.',
  params: z
    .strictObject({ from: utcDayInput, to: utcDayInput })
    .refine(range => range.from <= range.to && daysIn(range) <= longestDays, {
      path: ['from'],
      message: `Choose a period of 1 to ${longestDays} days.`,
    }),
  bind: ({ from, to }) => ({
    from_time: { type: 'TIMESTAMP', value: midnight(from) },
    until_time: { type: 'TIMESTAMP', value: midnight(addDays(to, 1)) },
  }),
  row: z.strictObject({
    day_index: z.int(),
    runs: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    cancelled: z.int(),
  }),
});

export type ObservedUse = { runs: number; succeeded: number; failed: number; cancelled: number; running: number };
/** By UTC day, yyyy-mm-dd; a day without an observed run is not in it. */
export type ObservedDays = ReadonlyMap<string, ObservedUse>;

/** Observed runs that started on the days of the range. AppError forbidden, invalid_input, warehouse_unavailable. */
export async function readObservedDays(ctx: Ctx, range: DayRange): Promise<RowsAge & { observed: ObservedDays }> {
  const { rows, state, readAt, pendingSince } = await countObservedDays(ctx, range);
  const observed = new Map(
    rows.map(({ day_index, ...counts }) => {
      const running = counts.runs - counts.succeeded - counts.failed - counts.cancelled;
      return [addDays(range.from, day_index), { ...counts, running }];
    }),
  );
  return { state, readAt, pendingSince, observed };
}
