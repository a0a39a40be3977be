/** Times as senders write them, in ISO 8601. Source: docs/spec/004-event-collection.md, Standard Columns. */

/** A time in ms since 1970, and its text as BigQuery takes it: as sent where that is possible. */
export type SentTime = { ms: number; text: string };

const shape =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?)?$/;
/** What BigQuery takes as it is. */
const plain = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-3]):\d\d)$/;

const shortestMs = -62_135_596_800_000;
const longestMs = 253_402_300_799_999;
const minuteMs = 60_000;

/** Whether TIMESTAMP holds it: the years 1 to 9999. */
export const isInRange = (ms: number): boolean => ms >= shortestMs && ms <= longestMs;

const utcMs = (year: number, month: number, day: number, hour: number, minute: number, second: number): number => {
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; 400 years are always the same number of days.
  const shifted = Date.UTC(year + 400, month - 1, day, hour, minute, second);
  return shifted - 146_097 * 86_400_000;
};

const lastDay = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const isDay = (year: number, month: number, day: number): boolean =>
  day >= 1 && day <= (lastDay[month - 1] ?? 0) && (month !== 2 || day < 29 || isLeap(year));

/** In UTC, to the microsecond. */
function canonical(ms: number, fraction: string): string {
  const whole = new Date(Math.floor(ms / 1_000) * 1_000).toISOString().slice(0, 19);
  return `${whole}${fraction === '' ? '' : `.${fraction.slice(0, 6)}`}Z`;
}

/**
 * The time in a text, or null where it has none that TIMESTAMP holds. Without a zone it is UTC, without a time of day
 * midnight; of fractions microseconds are kept.
 */
export function readTime(text: string): SentTime | null {
  const parts = shape.exec(text);
  if (!parts) return null;
  const at = (index: number): number => Number(parts[index] ?? 0);
  const [year, month, day, hour, minute, second] = [at(1), at(2), at(3), at(4), at(5), at(6)];
  const [zoneHour, zoneMinute] = [at(9), at(10)];
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 60) return null;
  if (zoneHour > 18 || zoneMinute > 59) return null;
  const fraction = parts[7] ?? '';
  const zoneMs = (zoneHour * 60 + zoneMinute) * minuteMs * (parts[8] === '-' ? -1 : 1);
  const ms = utcMs(year, month, day, hour, minute, second) - zoneMs + Number(fraction.slice(0, 3).padEnd(3, '0'));
  if (!isInRange(ms)) return null;
  return { ms, text: plain.test(text) ? text : canonical(ms, fraction) };
}

const [dash, colon] = [45, 58];
/** The least a date with a time of day has: `2026-11-27T13:49Z`. */
const [leastSigns, mostSigns] = [17, 40];

/**
 * The text of a TIMESTAMP where the value of a property names an instant: a date, a time of day and a zone. A date alone
 * is a day and no instant, and a time without a zone is one of many, so both stay text; read as UTC they would be wrong for
 * whoever sent them. Null for any other text.
 */
export function instantText(text: string): string | null {
  if (text.length < leastSigns || text.length > mostSigns) return null;
  if (text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash || text.charCodeAt(13) !== colon) return null;
  if (!/[T ]/i.test(text[10] ?? '') || !/(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(text.slice(16))) return null;
  return readTime(text)?.text ?? null;
}
