/** When an item is tried again, and when it is given up. Pure. */

/** Share of a wait that chance adds, so that what failed together is not tried together. */
export const jitter = 0.1;

/**
 * When the next attempt is due after this many failed ones: the listed wait and up to a tenth of it, by `random` in 0–1.
 * Null when that was the last attempt: there is one more attempt than waits.
 */
export function nextAttempt(
  backoffMs: readonly number[],
  attempts: number,
  now: Date,
  random: () => number = Math.random,
): Date | null {
  const waitMs = backoffMs[attempts - 1];
  return waitMs === undefined ? null : new Date(now.getTime() + Math.round(waitMs * (1 + jitter * random())));
}
