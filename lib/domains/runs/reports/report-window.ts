/** When steps and checks of a run may lie: one window for what is accepted and for the partitions that are read. */
import { addDays, utcDay } from '@/lib/platform/clock';

/** Workers count by their own clock, and some begin before they ask for the run. */
const daysBefore = 1;
const daysAfter = 31;

export type ReportWindow = {
  /** First instant within. */
  from: Date;
  /** First instant after it. */
  until: Date;
};

const midnight = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** The window of a run that started on this UTC day (yyyy-mm-dd): from a day before it to 31 days after it, whole days. */
export const windowOfDay = (startDay: string): ReportWindow => ({
  from: midnight(addDays(startDay, -daysBefore)),
  until: midnight(addDays(startDay, daysAfter + 1)),
});

/** How far a worker's clock may be ahead of ours. */
const aheadMs = 86_400_000;

/**
 * Why an instant of a report cannot be taken for a run started then, as one sentence that states the window; null where it
 * can. What lies more than a day ahead of `now` is outside whatever the run's own window is.
 */
export function outsideWindow(at: Date, runStart: Date, now: Date): string | null {
  const startDay = utcDay(runStart);
  const { from, until } = windowOfDay(startDay);
  const latest = new Date(now.getTime() + aheadMs);
  if (at >= from && at < until && at <= latest) return null;
  const last = latest < until ? latest.toISOString() : addDays(startDay, daysAfter);
  return `It must be from ${addDays(startDay, -daysBefore)} to ${last} (UTC): the run started on ${startDay}.`;
}
