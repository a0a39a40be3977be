/** Time of the process, in one place so that tests and the seed can name another. Days are UTC. */
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
