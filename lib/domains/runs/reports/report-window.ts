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

/** Why an instant of a report cannot be taken for a run started then, as one sentence; null where it can. */
export function outsideWindow(at: Date, runStart: Date): string | null {
  const startDay = utcDay(runStart);
  const { from, until } = windowOfDay(startDay);
  if (at >= from && at < until) return null;
  const first = addDays(startDay, -daysBefore);
  const last = addDays(startDay, daysAfter);
  return `It must be from ${first} to ${last} (UTC): the run started on ${startDay}.`;
}
