/** Schedules as five-field cron expressions in a time zone: which are taken, when they come true, and what they say in words. */
import { CronExpressionParser } from 'cron-parser';
import cronstrue from 'cronstrue';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Clocks are set forward or back by no more than this; what they say may repeat or be left out for so long. */
const longestShiftMs = 3 * hourMs;

const zones = new Map<string, Intl.DateTimeFormat>();

/** Formats an instant as a zone's clock shows it. Throws RangeError where there is no such zone. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = zones.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  zones.set(zone, clock);
  return clock;
}

/** Whether this names a time zone of the IANA database. */
export function isZone(name: string): boolean {
  try {
    return /^[A-Z]/.test(name) && clockOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** What the zone's clock shows at an instant, as the milliseconds of the same reading in UTC. */
function readingAt(zone: string, instantMs: number): number {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(instantMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The instants at which the zone's clock shows a reading: one, two where the clock is set back, none where it skips it. */
function instantsOf(zone: string, readingMs: number): { shown: number[]; skippedTo: number } {
  const before = readingMs - (readingAt(zone, readingMs - dayMs) - (readingMs - dayMs));
  const after = readingMs - (readingAt(zone, readingMs + dayMs) - (readingMs + dayMs));
  const both = before === after ? [before] : [before, after].sort((one, other) => one - other);
  return { shown: both.filter(at => readingAt(zone, at) === readingMs), skippedTo: before };
}

/**
 * The ticks of a schedule after an instant, ascending, at most `count`. A schedule of each hour follows the clock as it
 * runs: what is shown twice comes twice, what is skipped does not come. One that names hours comes once for each: at the
 * first of two such times, and where the clock skips it as much later as the clock was set forward. Throws Error where
 * the expression is none.
 */
export function ticksAfter(cron: string, zone: string, after: Date, count: number): Date[] {
  return ticksUntil(cron, zone, after, null, count);
}

/** As ticksAfter, of those not after `until`. */
function ticksUntil(cron: string, zone: string, after: Date, until: Date | null, count: number): Date[] {
  const isOfEachHour = cron.trim().split(/\s+/)[1] === '*';
  const startMs = readingAt(zone, after.getTime()) - longestShiftMs;
  const readings = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: new Date(startMs) });
  const ticks = new Set<number>();
  // Readings go on a while beyond the last tick needed: one that is shown twice may come before it.
  let lastMs = until === null ? Number.POSITIVE_INFINITY : readingAt(zone, until.getTime()) + longestShiftMs;
  while (readings.hasNext()) {
    const readingMs = readings.next().getTime();
    if (readingMs > lastMs) break;
    const { shown, skippedTo } = instantsOf(zone, readingMs);
    for (const at of isOfEachHour ? shown : [shown[0] ?? skippedTo]) if (at > after.getTime()) ticks.add(at);
    if (ticks.size >= count) lastMs = Math.min(lastMs, readingMs + longestShiftMs);
  }
  return [...ticks]
    .filter(at => until === null || at <= until.getTime())
    .sort((one, other) => one - other)
    .slice(0, count)
    .map(at => new Date(at));
}

/** How far back the last tick is looked for, step by step, so that a frequent schedule is not walked for a month. */
const lookBackMs = [2 * hourMs, 2 * dayMs, 70 * dayMs];

/** The last tick after `after` and not after `until`, or null. Throws Error where the expression is none. */
export function lastTick(cron: string, zone: string, after: Date, until: Date): Date | null {
  for (const backMs of [...lookBackMs, Number.POSITIVE_INFINITY]) {
    const fromMs = Math.max(after.getTime(), until.getTime() - backMs);
    const last = ticksUntil(cron, zone, new Date(fromMs), until, Number.POSITIVE_INFINITY).at(-1) ?? null;
    if (last !== null || fromMs === after.getTime()) return last;
  }
  return null;
}

/** Least minutes between two times of a day, from one day to the next too; null where there is one time a day. */
function leastGapMinutes(minutes: readonly number[], hours: readonly number[]): number {
  const times = hours.flatMap(hour => minutes.map(minute => hour * 60 + minute)).sort((one, other) => one - other);
  const gaps = times.map((time, at) => (times[at + 1] ?? (times[0] ?? 0) + 24 * 60) - time);
  return Math.min(...gaps);
}

const notCron = 'This is not a cron expression. Use five fields, such as 0 2 * * * for daily at 02:00.';

/** Why a cron expression is not taken where `minIntervalMinutes` lie at least between two ticks; null where it is. */
export function cronProblem(cron: string, minIntervalMinutes: number): string | null {
  const fields = cron.trim().split(/\s+/);
  if (fields.length === 6) return 'It has six fields. Leave out the seconds: minute, hour, day, month, weekday.';
  if (fields.length !== 5) return 'Use five fields: minute, hour, day, month, weekday, such as 0 2 * * *.';
  try {
    // What cannot be said in words is refused too: people must be able to check what they wrote.
    cronWords(cron);
    const { minute, hour } = CronExpressionParser.parse(cron, { tz: 'UTC' }).fields;
    const isTooClose = leastGapMinutes(numbersOf(minute.values), numbersOf(hour.values)) < minIntervalMinutes;
    if (isTooClose) return `It runs more often than every ${minIntervalMinutes} minutes.`;
    return ticksAfter(cron, 'UTC', new Date(Date.UTC(2024, 0, 1)), 1).length === 0 ? 'It never comes true.' : null;
  } catch (error) {
    return error instanceof Error && /day of month/i.test(error.message) ? 'It never comes true.' : notCron;
  }
}

const numbersOf = (values: readonly (number | string)[]): number[] => values.map(Number);

/** “At 02:00, only on Monday” with the days first, as people say it; other shapes stay as they are. */
function daysFirst(words: string): string {
  const [, times, days] = /^At ((?:\d\d:\d\d(?:,? and |, )?)+)(?:, (.+))?$/.exec(words) ?? [];
  if (!times) return words;
  if (!days) return `Every day at ${times}`;
  const said = days.startsWith('only on ') ? `every ${days.slice('only on '.length)}` : days;
  return `${said.charAt(0).toUpperCase()}${said.slice(1)} at ${times}`;
}

/** The schedule in words: “Every Monday at 02:00”. Throws Error where the expression is none. */
export function cronWords(cron: string): string {
  const [minute = '', hour = '', ...rest] = cron.trim().split(/\s+/);
  const exact = [listed(minute, 60), listed(hour, 24), ...rest].join(' ');
  return daysFirst(cronstrue.toString(exact, { use24HourTimeFormat: true }));
}

/** A step that does not divide its hour or day, as the list that it is: every 45 minutes would say something else. */
function listed(field: string, size: number): string {
  const step = Number(/^\*\/(\d{1,3})$/.exec(field)?.[1] ?? 1);
  if (step === 0 || size % step === 0) return field;
  return Array.from({ length: Math.ceil(size / step) }, (_, at) => at * step).join(',');
}
