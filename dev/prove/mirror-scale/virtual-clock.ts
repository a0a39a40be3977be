/** Time that passes as fast as the work is done: what is due next happens next. */
import { PriorityQueue } from '@/lib/warehouse/mirror/schedule/priority-queue';
import type { Time } from '@/lib/warehouse/mirror/schedule/time';

/** Lets everything run that waits for no time. */
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

export class VirtualClock implements Time {
  #now: number;
  readonly #queue = new PriorityQueue<() => void>();

  constructor(startAt: number) {
    this.#now = startAt;
  }

  now = (): number => this.#now;

  /** Calls back at that time (ms since the epoch). */
  at(time: number, callback: () => void): void {
    this.#queue.push(Math.max(time, this.#now), callback);
  }

  sleep = (waitMs: number, signal?: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve();
      signal?.addEventListener('abort', () => resolve(), { once: true });
      this.at(this.#now + Math.max(0, waitMs), resolve);
    });

  /** Lets time pass until then. */
  async runUntil(end: number): Promise<void> {
    await settle();
    for (let next = this.#queue.least; next !== undefined && next <= end; next = this.#queue.least) {
      this.#now = next;
      while (this.#queue.least === next) this.#queue.pop()?.item();
      await settle();
    }
    this.#now = end;
  }
}
