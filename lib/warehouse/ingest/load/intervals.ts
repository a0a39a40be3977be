/**
 * How long rows of a table may wait, from its rate and the budget of jobs. A table is loaded when its oldest row has waited for
 * its interval T, so a table of rate r costs 1/(T + 1/r) jobs a second; T ∝ 1/√r makes the summed waiting of all rows least.
 * Source: docs/architecture.md, Ingest, Budget.
 */

export type Rate = { key: string; rowsPerHour: number };

export type Allowance = {
  /** Jobs a second that all tables together may take. */
  jobsPerSecond: number;
  leastSeconds: number;
  /** Longest wait while the budget can give it. */
  mostSeconds: number;
};

/** A table without a known rate counts as one row an hour. */
const perSecond = (rowsPerHour: number) => Math.max(1, rowsPerHour) / 3_600;

const jobsOf = (rate: number, seconds: number) => 1 / (seconds + 1 / rate);

/** Halvings of the range in which the right factor lies: enough for 15 digits. */
const steps = 60;

/** The smallest factor within (low, high), in ratio steps, for which all tables together take no more than they may. */
function leastFactor(low: number, high: number, fits: (factor: number) => boolean): number {
  if (fits(low)) return low;
  let [bad, good] = [low, high];
  for (let step = 0; step < steps && good / bad > 1.001; step++) {
    const middle = Math.sqrt(bad * good);
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** Part of the jobs that the longest waits may take: the rest makes the waits of busy tables shorter. */
const quietShare = 0.7;

/** Seconds that rows of each table may wait; within the limits, beyond `mostSeconds` only where the budget cannot give it. */
export function intervals(rates: readonly Rate[], allowance: Allowance): Map<string, number> {
  const { jobsPerSecond, leastSeconds, mostSeconds } = allowance;
  const known = rates.map(({ key, rowsPerHour }) => ({ key, rate: perSecond(rowsPerHour) }));
  const takes = (seconds: (rate: number) => number) =>
    known.reduce((sum, { rate }) => sum + jobsOf(rate, seconds(rate)), 0);
  const longest =
    mostSeconds * leastFactor(1, 1e6, tried => takes(() => mostSeconds * tried) <= jobsPerSecond * quietShare);
  const within = (factor: number, rate: number) => Math.min(longest, Math.max(leastSeconds, factor / Math.sqrt(rate)));
  const factor = leastFactor(1e-6, 1e9, tried => takes(rate => within(tried, rate)) <= jobsPerSecond);
  return new Map(known.map(({ key, rate }) => [key, within(factor, rate)]));
}

export type Day = {
  now: Date;
  jobsPerDay: number;
  spent: number;
};

/** Part of a day's jobs that intervals leave alone: for loads that fail and are sent again, and for what was not foreseen. */
export const reserve = 0.1;
const dayMs = 86_400_000;
/** With fewer jobs left than this share a second of the whole, tables still move. */
const leastShare = 0.02;

/** Jobs a second for the rest of the UTC day: what is left of its budget, spread over what is left of it. */
export function jobsPerSecond({ now, jobsPerDay, spent }: Day): number {
  const leftMs = dayMs - (now.getTime() % dayMs);
  const planned = jobsPerDay * (1 - reserve);
  const even = planned / (dayMs / 1_000);
  // The last minutes of a day do not spend what it has left at once.
  const left = Math.max(0, planned - spent) / Math.max(leftMs / 1_000, 60);
  return Math.min(Math.max(left, even * leastShare), even * 4);
}
