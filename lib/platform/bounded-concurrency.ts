/** Bounded concurrency of this process: so much at once, the rest waits in order for a limited time. */
import { setTimeout as sleep } from 'node:timers/promises';

export type ConcurrencyLimits = {
  /** How much may run at once. */
  atOnce: number;
  /** How much may wait; what comes beyond that is turned away at once. */
  waiting: number;
};

export class BoundedConcurrency {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  constructor(private readonly limits: ConcurrencyLimits) {}

  /** True while nothing runs and nothing waits. */
  get isIdle(): boolean {
    return this.#running === 0 && this.#waiting.length === 0;
  }

  /** True once it may run: call `leave` after it. False where too many wait, or `waitMs` milliseconds have passed. */
  async enter(waitMs: number): Promise<boolean> {
    if (this.#running < this.limits.atOnce) {
      this.#running++;
      return true;
    }
    if (this.#waiting.length >= this.limits.waiting) return false;
    const enough = new AbortController();
    let mine: () => void = () => undefined;
    const granted = new Promise<true>(resolve => {
      mine = () => resolve(true);
      this.#waiting.push(mine);
    });
    const tooLate = sleep(waitMs, undefined, { signal: enough.signal }).then(
      () => this.#giveUp(mine),
      () => true,
    );
    return Promise.race([granted, tooLate]).finally(() => enough.abort());
  }

  /** Takes a place in the queue back; true where it was given a slot at this very moment. */
  #giveUp(mine: () => void): boolean {
    const place = this.#waiting.indexOf(mine);
    if (place === -1) return true;
    this.#waiting.splice(place, 1);
    return false;
  }

  /** Frees a slot: who has waited longest is next. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}
