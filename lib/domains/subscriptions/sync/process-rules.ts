/** When an event is tried again and when it is given up. Pure. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Waits after the first, second … failed attempt: 16 of them, 2.6 days together, about as long as Stripe itself retries. */
export const backoffMs: readonly number[] = [
  5_000,
  30_000,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  ...Array<number>(10).fill(6 * hourMs),
];

/** How long all events wait while Stripe is away, after this many rounds in vain: 2 s, doubling, at most a minute. */
export const awayMs = (rounds: number): number => Math.min(minuteMs, 1_000 * 2 ** Math.min(rounds, 6));
