/** Time of the process, in one place so that tests and the seed can name another, and times as people's programs write them. Days are UTC. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** UTC day of an instant as yyyy-mm-dd. */
export const utcDay = (instant: Date): string => instant.toISOString().slice(0, 10);

/** First day of the instant's UTC month as yyyy-mm-dd. */
export const utcMonth = (instant: Date): string => `${instant.toISOString().slice(0, 7)}-01`;

/** Start of the next UTC day. */
export function nextUtcMidnight(instant: Date): Date {
  return new Date(Date.UTC(instant.getUTCFullYear(), instant.getUTCMonth(), instant.getUTCDate() + 1));
}

/** The instant rounded down to a multiple of `stepMs`. */
export const floorTo = (instant: Date, stepMs: number): Date =>
  new Date(Math.floor(instant.getTime() / stepMs) * stepMs);

/** yyyy-mm-dd plus a number of days. */
export function addDays(day: string, days: number): string {
  return utcDay(new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000));
}

/** So many days from `first` on, each yyyy-mm-dd. */
export const daysFrom = (first: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => addDays(first, index));

/** ms since 1970 and the digits of the second's fraction as written, at most nine. */
export type IsoTime = { ms: number; fraction: string };

const shape =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?)?$/;

const minuteMs = 60_000;

const utcMs = (year: number, month: number, day: number, hour: number, minute: number, second: number): number => {
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; 400 years are always the same number of days.
  const shifted = Date.UTC(year + 400, month - 1, day, hour, minute, second);
  return shifted - 146_097 * 86_400_000;
};

const lastDay = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const isDay = (year: number, month: number, day: number): boolean =>
  day >= 1 && day <= (lastDay[month - 1] ?? 0) && (month !== 2 || day < 29 || isLeap(year));

/** The time in a text, or null where it has none. Without a zone it is UTC, without a time of day midnight; a leap second is the next one. */
export function readIsoTime(text: string): IsoTime | null {
  const parts = shape.exec(text);
  if (!parts) return null;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const [hour, minute, second] = [Number(parts[4] ?? 0), Number(parts[5] ?? 0), Number(parts[6] ?? 0)];
  const [zoneHour, zoneMinute] = [Number(parts[9] ?? 0), Number(parts[10] ?? 0)];
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 60) return null;
  if (zoneHour > 18 || zoneMinute > 59) return null;
  const fraction = parts[7] ?? '';
  const zoneMs = (zoneHour * 60 + zoneMinute) * minuteMs * (parts[8] === '-' ? -1 : 1);
  const ms = utcMs(year, month, day, hour, minute, second) - zoneMs + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { ms, fraction };
}
