/** How a config's schedule and last runs stand, in words. Pure. */
import { formatCount, formatRelative } from '@/app/_ui/format';
import type { Status } from '@/app/_ui/status';
import { backingOff, nextTimes, type Scheduled, scheduleWords } from '@/lib/domains/providers/schedule/next-run';
import type { ConfigView } from '@/lib/domains/providers/view';

/** A view as the rules of schedules take it. */
export const scheduledOf = (config: ConfigView): Scheduled => ({
  isActive: config.is_active,
  scheduleEnabled: config.schedule_enabled,
  scheduleCron: config.schedule_cron,
  scheduleTimezone: config.schedule_timezone,
  consecutiveFailures: config.consecutive_failures,
  lastTickAt: config.last_tick_at,
});

/** "Every day at 02:00, Europe/Berlin"; null where it does not run by itself. */
export const scheduleOf = (config: ConfigView): string | null =>
  config.schedule_enabled
    ? scheduleWords({ scheduleCron: config.schedule_cron, scheduleTimezone: config.schedule_timezone })
    : null;

/** When the schedule makes its next runs. */
export const upcomingOf = (config: ConfigView, now: Date, count: number): Date[] =>
  nextTimes(scheduledOf(config), now, count);

/** "Backing off after 5 failures in a row: next in 40 min."; null where nothing holds it back. */
export function backOffOf(config: ConfigView, now: Date): string | null {
  const held = backingOff(scheduledOf(config), now);
  if (!held) return null;
  return `Backing off after ${formatCount(held.failures)} failures in a row: next ${formatRelative(held.until, now)}.`;
}

type LastRun = { status: Extract<Status, 'succeeded' | 'failed' | 'running'>; at: Date };

/** How the last run that started came out; null before the first. */
export function lastRunOf({ last_run_at, last_success_at, last_failure_at }: ConfigView): LastRun | null {
  const ended = Math.max(last_success_at?.getTime() ?? 0, last_failure_at?.getTime() ?? 0);
  if (ended === 0) return last_run_at && { status: 'running', at: last_run_at };
  const status = (last_failure_at?.getTime() ?? 0) === ended ? 'failed' : 'succeeded';
  return { status, at: new Date(ended) };
}
