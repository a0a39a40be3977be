/** Schedules as five-field cron expressions in a time zone: which are taken, and what they say in words. */
import { CronExpressionParser } from 'cron-parser';
import cronstrue from 'cronstrue';

const minuteMs = 60_000;
/** Ticks looked at to find the closest two: more than a day of the most frequent schedule. */
const lookedAt = 400;

/** Whether this names a time zone of the IANA database. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}

/** The ticks of a schedule after an instant, ascending, at most `count`. Throws Error where the expression is none. */
export function ticksAfter(cron: string, zone: string, after: Date, count: number): Date[] {
  const expression = CronExpressionParser.parse(cron, { tz: zone, currentDate: after });
  const ticks: Date[] = [];
  while (ticks.length < count && expression.hasNext()) ticks.push(expression.next().toDate());
  return ticks;
}

/** Why a cron expression is not taken where `minIntervalMinutes` lie at least between two ticks; null where it is. */
export function cronProblem(cron: string, minIntervalMinutes: number): string | null {
  const fields = cron.trim().split(/\s+/);
  if (fields.length === 6) return 'It has six fields. Leave out the seconds: minute, hour, day, month, weekday.';
  if (fields.length !== 5) return 'Use five fields: minute, hour, day, month, weekday, such as 0 2 * * *.';
  try {
    const ticks = ticksAfter(cron, 'UTC', new Date(Date.UTC(2024, 0, 1)), lookedAt);
    if (ticks.length === 0) return 'It never comes true.';
    const isTooClose = ticks.some((tick, at) => {
      const before = ticks[at - 1];
      return before !== undefined && tick.getTime() - before.getTime() < minIntervalMinutes * minuteMs;
    });
    return isTooClose ? `It runs more often than every ${minIntervalMinutes} minutes.` : null;
  } catch {
    return 'This is not a cron expression. Use five fields, such as 0 2 * * * for daily at 02:00.';
  }
}

/** The schedule in words: “At 02:00, only on Monday”. */
export const cronWords = (cron: string): string => cronstrue.toString(cron, { use24HourTimeFormat: true });
