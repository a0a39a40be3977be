/** Instants of requests in whole microseconds since 1970, and their one form of text. Source: docs/spec/requirements.md, T-06, T-09. */
import { readIsoTime } from '@/lib/platform/clock';

/** 2107-01-01: what lies beyond was no time but a clock that ran over. */
const endUs = Date.UTC(2107, 0, 1) * 1_000;

/** Whether it lies in the years 1970 to 2106. */
export const isLikely = (us: number): boolean => us >= 0 && us < endUs;

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

/** Microseconds of a text in ISO 8601, null where it is none; further digits are cut, as Python does. */
export function microsOfText(text: string): number | null {
  const time = readIsoTime(text);
  if (!time) return null;
  const { ms, fraction } = time;
  return fraction.length > 3 ? ms * 1_000 + Number(fraction.slice(3, 6).padEnd(3, '0')) : ms * 1_000;
}

/** As Python's `datetime.isoformat()` in UTC: `2025-10-12T19:00:00+00:00`, six digits of a fraction where there is one. */
export function timestampText(us: number): string {
  const iso = new Date(Math.floor(us / 1_000)).toISOString();
  const fraction = us % 1_000_000;
  const second = iso.slice(0, 19);
  return fraction === 0 ? `${second}+00:00` : `${second}.${fraction.toString().padStart(6, '0')}+00:00`;
}
