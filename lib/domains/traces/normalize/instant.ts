/** Instants of requests in whole microseconds since 1970, and their one form of text. Source: docs/spec/requirements.md, T-06, T-09. */
import { readIsoTime } from '@/lib/platform/clock';

/** 2107-01-01: what lies beyond was no time but a clock that ran over. */
const endUs = Date.UTC(2107, 0, 1) * 1_000;

/** Whether it lies in the years 1970 to 2106. */
export const isLikely = (us: number): boolean => us >= 0 && us < endUs;

const secondUs = 1_000_000;

/** The even one of two neighbours that are equally near, as Python rounds. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const over = value - below;
  if (over < 0.5 || (over === 0.5 && below % 2 === 0)) return below;
  return below + 1;
}

/** Microseconds of seconds as a float: the same as Python's `datetime.fromtimestamp(seconds, tz=utc)` has. */
export function microsOfSeconds(seconds: number): number {
  const whole = Math.trunc(seconds);
  return whole * 1_000_000 + roundHalfEven((seconds - whole) * 1_000_000);
}

const zero = 48;

/** The number of so many digits, NaN where there is another sign. */
function digits(text: string, at: number, count: number): number {
  let number = 0;
  for (let index = at; index < at + count; index++) {
    const digit = text.charCodeAt(index) - zero;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = 10 * number + digit;
  }
  return number;
}

/** Starts of days in microseconds by their digits: the same few are asked for again and again. */
const starts = new Map<number, number>();
const maxStarts = 50_000;

function startOfDay(text: string): number | null {
  const key = 10_000 * digits(text, 0, 4) + 100 * digits(text, 5, 2) + digits(text, 8, 2);
  const known = starts.get(key);
  if (known !== undefined) return known;
  const time = readIsoTime(text.slice(0, 10));
  if (!time || starts.size >= maxStarts) return null;
  starts.set(key, time.ms * 1_000);
  return time.ms * 1_000;
}

const [dash, colon, letterT, point] = [45, 58, 84, 46];
/** Signs up to the whole second. */
const wholeSigns = 19;

/** Whether the signs between the digits are those of `2025-10-12T19:00:00`. */
const hasMarks = (text: string): boolean =>
  text.charCodeAt(4) === dash &&
  text.charCodeAt(7) === dash &&
  text.charCodeAt(10) === letterT &&
  text.charCodeAt(13) === colon &&
  text.charCodeAt(16) === colon;

const scales = [0, 100_000, 10_000, 1_000, 100, 10, 1];

/** Microseconds of the digits between the point and `end`, 0 without any; NaN of another text. */
function fractionUs(text: string, end: number): number {
  if (end === wholeSigns) return 0;
  const count = end - wholeSigns - 1;
  const scale = scales[count];
  return scale && text.charCodeAt(wholeSigns) === point ? scale * digits(text, wholeSigns + 1, count) : Number.NaN;
}

/** Microseconds of a text in the form that nearly all have, UTC by `Z` or `+00:00` to at most six digits of a second; null of any other. */
function microsOfCommon(text: string): number | null {
  const end = text.endsWith('Z') ? text.length - 1 : text.endsWith('+00:00') ? text.length - 6 : 0;
  if (end < wholeSigns || !hasMarks(text)) return null;
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  const us = ((hour * 60 + minute) * 60 + second) * secondUs + fractionUs(text, end);
  // Of NaN nothing holds.
  if (!(us >= 0 && hour < 24 && minute < 60 && second < 60)) return null;
  const start = startOfDay(text);
  return start === null ? null : start + us;
}

/** Microseconds of a text in ISO 8601, null where it is none; further digits are cut, as Python does. */
export function microsOfText(text: string): number | null {
  const common = microsOfCommon(text);
  if (common !== null) return common;
  const time = readIsoTime(text);
  if (!time) return null;
  const { ms, fraction } = time;
  return fraction.length > 3 ? ms * 1_000 + Number(fraction.slice(3, 6).padEnd(3, '0')) : ms * 1_000;
}

const dayUs = 86_400 * secondUs;

/** Days as text, at most those of 137 years: the same few are asked for again and again. */
const days = new Map<number, string>();

function dayText(day: number): string {
  const known = days.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
  days.set(day, text);
  return text;
}

const twoDigits = Array.from({ length: 60 }, (_, number) => `${number}`.padStart(2, '0'));

/** As Python's `datetime.isoformat()` in UTC: `2025-10-12T19:00:00+00:00`, six digits of a fraction where there is one. */
export function timestampText(us: number): string {
  const day = Math.floor(us / dayUs);
  const fraction = us % secondUs;
  const seconds = Math.floor((us - day * dayUs) / secondUs);
  const [minutes, second] = [Math.floor(seconds / 60), twoDigits[seconds % 60]!];
  const whole = `${dayText(day)}T${twoDigits[Math.floor(minutes / 60)]!}:${twoDigits[minutes % 60]!}:${second}`;
  return fraction === 0 ? `${whole}+00:00` : `${whole}.${`${fraction}`.padStart(6, '0')}+00:00`;
}
