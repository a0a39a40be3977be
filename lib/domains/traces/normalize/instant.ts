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

const secondUs = 1_000_000;
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
