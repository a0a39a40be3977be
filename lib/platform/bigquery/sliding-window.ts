/** At most so much within any stretch of time: whoever comes too early waits, in order. */
import { setTimeout as sleep } from 'node:timers/promises';

export type WindowLimit = { atMost: number; withinMs: number };

export class SlidingWindow {
  /** When the last ones were let through, the oldest first; as many as the limit lets through. */
  readonly #passed: number[] = [];
  #last: Promise<void> = Promise.resolve();
  constructor(private readonly limit: WindowLimit) {}

  /** Resolves when one more may go. */
  turn(): Promise<void> {
    this.#last = this.#last.then(() => this.#next());
    return this.#last;
  }

  async #next(): Promise<void> {
    const { atMost, withinMs } = this.limit;
    const [oldest] = this.#passed;
    if (oldest !== undefined && this.#passed.length >= atMost) {
      // A timer may fire a millisecond early.
      for (let waitMs = 1; waitMs > 0; ) {
        waitMs = oldest + withinMs - performance.now();
        if (waitMs > 0) await sleep(Math.ceil(waitMs));
      }
      this.#passed.shift();
    }
    this.#passed.push(performance.now());
  }
}
