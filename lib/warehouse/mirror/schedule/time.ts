/** Time that passes: what a loop asks and waits for, so that a simulation can let it pass faster. */
import { setTimeout } from 'node:timers/promises';

export type Time = {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Waits; ends early, without an error, once the signal is aborted. */
  sleep: (waitMs: number, signal?: AbortSignal) => Promise<void>;
};

export const systemTime: Time = {
  now: () => Date.now(),
  sleep: (waitMs, signal) => setTimeout(waitMs, undefined, signal ? { signal } : {}).catch(() => undefined),
};
