/** Numbers, durations and times as the interface writes them. Pure: the present is always an argument. */

const nbsp = '\u00a0';
const dash = '–';
const numbers = new Intl.NumberFormat('en-US');
const compactNumbers = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** "182,004"; a dash for none. */
export function formatCount(value: number | bigint | null | undefined): string {
  return value === null || value === undefined ? dash : numbers.format(value);
}

/** "182K", for chart axes only. */
export const formatCompact = (value: number): string => compactNumbers.format(value);

/** "4 of 6"; "4 (no limit)"; "not measured" where the value is unknown. */
export function formatOf(used: number | null, limit: number | null): string {
  if (used === null) return 'not measured';
  return limit === null ? `${formatCount(used)} (no limit)` : `${formatCount(used)} of ${formatCount(limit)}`;
}

/** Share in percent rounded down, so that 100 % means all; "< 0.01 %" rather than 0 for a share that exists. */
export function formatPercent(part: number, whole: number, decimals = 0): string {
  if (whole === 0) return dash;
  const factor = 10 ** decimals;
  const floored = Math.floor((part / whole) * 100 * factor + 1e-9) / factor;
  if (floored === 0 && part > 0) return `<${nbsp}${decimals === 0 ? '1' : (1 / factor).toFixed(decimals)}${nbsp}%`;
  return `${floored.toFixed(decimals)}${nbsp}%`;
}

/** "< 1 ms", "18 ms", "1.2 s", "12 s", "1 min 40 s", "5 h 12 min", "3 d 4 h"; a dash for none. What took some time is never "0 s". */
export function formatDuration(durationMs: number | null | undefined): string {
  if (durationMs === null || durationMs === undefined) return dash;
  if (durationMs > 0 && durationMs < 1) return `<${nbsp}1${nbsp}ms`;
  if (durationMs > 0 && durationMs < 1_000) return `${Math.floor(durationMs)}${nbsp}ms`;
  const tenths = Math.floor(Math.max(0, durationMs) / 100);
  if (tenths < 100) return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)}${nbsp}s`;
  const seconds = Math.floor(tenths / 10);
  const units: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = units.findIndex(([amount]) => amount > 0);
  return units
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${nbsp}${unit}`)
    .join(nbsp);
}

/** Dollars of a whole number of cents; `cents: false` for plan prices. */
export function formatUsd(amountCents: number, { cents = true } = {}): string {
  const digits = cents ? 2 : 0;
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amountCents / 100);
}

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const smallDollars = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 4,
  maximumFractionDigits: 4,
});
const compactDollars = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  notation: 'compact',
  minimumFractionDigits: 0,
  maximumSignificantDigits: 3,
});

/** "$12.30" of an amount in dollars; "$0.0041" below a dime, "< $0.0001" for what is less and not nothing. */
export function formatDollars(usd: number): string {
  if (usd !== 0 && Math.abs(usd) < 0.0001) return `<${nbsp}$0.0001`;
  return usd !== 0 && Math.abs(usd) < 0.1 ? smallDollars.format(usd) : dollars.format(usd);
}

/** "$1.2K", "$0.05", for chart axes only. */
export const formatCompactDollars = (usd: number): string => compactDollars.format(usd);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "21 Nov 2026" (UTC) of an instant or of a `yyyy-mm-dd` date. */
export function formatDate(instant: Date | string): string {
  const date = toDate(instant);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** "21 Nov" (UTC), where the year is plain from the context. */
export function formatDay(instant: Date | string): string {
  const date = toDate(instant);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
}

/** "02:09:14 UTC". */
export const formatClock = (instant: Date | string): string => `${toDate(instant).toISOString().slice(11, 19)} UTC`;

/** "02:09:14 UTC", with its day before it where that is not today. */
export const formatAsOf = (instant: Date | string, now: Date): string =>
  formatDate(instant) === formatDate(now) ? formatClock(instant) : formatInstant(instant);

/** "21 Nov 2026, 02:09:14 UTC". */
export const formatInstant = (instant: Date | string): string => `${formatDate(instant)}, ${formatClock(instant)}`;

/** "Sat 28 Nov 2026, 02:00" by the clock of an IANA time zone. */
export function formatZoned(instant: Date, timeZone: string): string {
  const shown = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  } as const;
  const parts = new Intl.DateTimeFormat('en-US', { ...shown, hourCycle: 'h23', timeZone }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find(found => found.type === type)?.value ?? '';
  return `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}, ${part('hour')}:${part('minute')}`;
}

/** "just now", "6 min ago", "in 4 days", "47 days ago". */
export function formatDistance(instant: Date | string, now: Date): string {
  const distanceMs = toDate(instant).getTime() - now.getTime();
  const minutes = Math.floor(Math.abs(distanceMs) / 60_000);
  if (minutes < 1) return distanceMs > 0 ? 'in less than a minute' : 'just now';
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const amount = days > 0 ? formatPlural(days, 'day') : hours > 0 ? `${hours} h` : `${minutes} min`;
  return distanceMs > 0 ? `in ${amount}` : `${amount} ago`;
}

/** The same, and the date once it is more than 30 days away. */
export function formatRelative(instant: Date | string, now: Date): string {
  const days = Math.floor(Math.abs(toDate(instant).getTime() - now.getTime()) / 86_400_000);
  return days > 30 ? formatDate(instant) : formatDistance(instant, now);
}

/** "1 run", "2 runs". */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** "Mia, Jo and Ed". */
export function formatList(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function toDate(instant: Date | string): Date {
  return instant instanceof Date ? instant : new Date(instant);
}
