/** Times as senders write them, in ISO 8601. Source: docs/spec/004-event-collection.md, Standard Columns. */
import { readIsoTime } from '@/lib/platform/clock';

/** A time in ms since 1970, and its text as BigQuery takes it: as sent where that is possible. */
export type SentTime = { ms: number; text: string };

/** What BigQuery takes as it is. */
const plain = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-3]):\d\d)$/;

const shortestMs = -62_135_596_800_000;
const longestMs = 253_402_300_799_999;

/** Whether TIMESTAMP holds it: the years 1 to 9999. */
export const isInRange = (ms: number): boolean => ms >= shortestMs && ms <= longestMs;

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
  const time = readIsoTime(text);
  if (!time || !isInRange(time.ms)) return null;
  return { ms: time.ms, text: plain.test(text) ? text : canonical(time.ms, time.fraction) };
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
