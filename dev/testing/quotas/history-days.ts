/** Days of use for tests of what draws them. */
import type { DayUse, HistoryDay } from '@/lib/domains/quotas/history';

/** Three runs of a day, one of which failed, changed as told. */
export const dayUse = (over: Partial<DayUse> = {}): DayUse => ({
  runs: 3,
  succeeded: 2,
  failed: 1,
  cancelled: 0,
  running: 0,
  refused: 0,
  limit: 6,
  mostAtOnce: 1,
  ...over,
});

/** A day of November 2026; null = nothing is known of it. */
export const historyDay = (number: number, use: DayUse | null, isToday = false): HistoryDay => ({
  day: `2026-11-${String(number).padStart(2, '0')}`,
  isToday,
  use,
});
