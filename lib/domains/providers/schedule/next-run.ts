/** When a config runs next: the times of its schedule, fewer of them while it fails. Source: docs/architecture.md, Provider configs. */
import { backOffMinutes } from '@/lib/domains/providers/rules';
import type { ProviderConfig } from '@/lib/domains/providers/tables';
import { cronWords, lastTick, ticksAfter } from '@/lib/platform/cron';

/** What decides when a config runs. */
export type Scheduled = Pick<
  ProviderConfig,
  'isActive' | 'scheduleEnabled' | 'scheduleCron' | 'scheduleTimezone' | 'consecutiveFailures' | 'lastTickAt'
>;

const minuteMs = 60_000;

/** The expression of a config that runs by itself; null where it is off or has no schedule. */
const cronOf = (config: Scheduled): string | null =>
  config.isActive && config.scheduleEnabled ? config.scheduleCron : null;

/** From when on a failing config may run again by its schedule; null where nothing holds it back. */
function heldUntil({ consecutiveFailures, lastTickAt }: Scheduled): Date | null {
  const gapMinutes = backOffMinutes(consecutiveFailures);
  return gapMinutes === 0 || lastTickAt === null ? null : new Date(lastTickAt.getTime() + gapMinutes * minuteMs);
}

/** Whether a failing config leaves this time of its schedule out. */
export function isHeldBack(config: Scheduled, tick: Date): boolean {
  const until = heldUntil(config);
  return until !== null && tick < until;
}

/**
 * The next time of the schedule after `now`, as `next_run_at` holds it; null where none is to come. It knows nothing of
 * failures: whether that time makes a run is decided when it is there, so that one success ends the waiting at once.
 */
export function nextRunOf(config: Scheduled, now: Date): Date | null {
  const cron = cronOf(config);
  return cron === null ? null : (ticksAfter(cron, config.scheduleTimezone, now, 1)[0] ?? null);
}

/** The next `count` times after `now` at which the schedule makes a run, as things stand; none where it is off. */
export function nextTimes(config: Scheduled, now: Date, count: number): Date[] {
  const cron = cronOf(config);
  if (cron === null) return [];
  const times: Date[] = [];
  for (let state = config, after = now; times.length < count; ) {
    const held = heldUntil(state);
    // A time at the very end of the wait counts.
    const from = held !== null && held > after ? new Date(held.getTime() - 1) : after;
    const [time] = ticksAfter(cron, config.scheduleTimezone, from, 1);
    if (!time) break;
    times.push(time);
    state = { ...state, lastTickAt: time };
    after = time;
  }
  return times;
}

/** The latest time of the schedule in (after, now]; null where there is none, so that what was missed is caught up once. */
export function latestTick(config: Scheduled, after: Date, now: Date): Date | null {
  const cron = cronOf(config);
  return cron === null ? null : lastTick(cron, config.scheduleTimezone, after, now);
}

/** That a config runs less often because it fails: how many times in a row, and when it may run next; null where not. */
export function backingOff(config: Scheduled, now: Date): { failures: number; until: Date } | null {
  const until = heldUntil(config);
  if (until === null || cronOf(config) === null) return null;
  const [next] = nextTimes(config, now, 1);
  return { failures: config.consecutiveFailures, until: next ?? until };
}

/** The schedule in words, with its zone: “Every Monday at 02:00, Europe/Berlin”; null where there is none. */
export const scheduleWords = (config: Pick<ProviderConfig, 'scheduleCron' | 'scheduleTimezone'>): string | null =>
  config.scheduleCron === null ? null : `${cronWords(config.scheduleCron)}, ${config.scheduleTimezone}`;
