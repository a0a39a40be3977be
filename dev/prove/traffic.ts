/** Calls at a fixed pace: each kind so many a second, and never more than a few unanswered, so that a slow answer thins the load instead of piling it up. */
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '@/dev/bench/load';

export type Kind = {
  name: string;
  perSecond: number;
  /** Sends one; answers how many requests that were. Throws where an answer was not the one expected. */
  send: (number: number) => Promise<number>;
};

const maxUnanswered = 12;
/** The sender's own memory is no matter here, but an hour of times need not be kept either. */
const timesKept = 20_000;

type Told = { sent: number; requests: number; left: number; failed: Map<string, number>; timesMs: number[] };

export class Traffic {
  readonly #told: Map<string, Told>;
  #stopped = false;
  #running: Promise<void>[] = [];

  constructor(readonly kinds: Kind[]) {
    this.#told = new Map(
      kinds.map(({ name }) => [name, { sent: 0, requests: 0, left: 0, failed: new Map(), timesMs: [] }]),
    );
  }

  start(): void {
    this.#running = this.kinds.map(kind => this.#paced(kind));
  }

  /** Sends nothing more and waits for what is unanswered. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  /** One line a kind: how many, how fast, and what went wrong. */
  report(): string[] {
    return this.kinds.map(({ name }) => {
      const { sent, requests, left, failed, timesMs } = this.#told.get(name) as Told;
      const times = `p50 ${percentile(timesMs, 0.5).toFixed(0)} ms, p99 ${percentile(timesMs, 0.99).toFixed(0)} ms`;
      const wrong = [...failed].map(([message, count]) => `; ${count} times ${message}`).join('');
      return `${name}: ${sent} (${requests} requests), ${times}; ${left} left out as too many were unanswered${wrong}`;
    });
  }

  get failed(): number {
    const counts = [...this.#told.values()].flatMap(({ failed }) => [...failed.values()]);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async #paced({ name, perSecond, send }: Kind): Promise<void> {
    const told = this.#told.get(name) as Told;
    const startedAt = performance.now();
    const unanswered = new Set<Promise<void>>();
    for (let number = 0; !this.#stopped; number++) {
      const dueMs = startedAt + (number * 1_000) / perSecond - performance.now();
      if (dueMs > 1) await sleep(dueMs);
      if (unanswered.size >= maxUnanswered) {
        told.left++;
        continue;
      }
      const sending = this.#sent(told, () => send(number));
      unanswered.add(sending);
      void sending.finally(() => unanswered.delete(sending));
    }
    await Promise.all(unanswered);
  }

  async #sent(told: Told, send: () => Promise<number>): Promise<void> {
    const startedAt = performance.now();
    told.sent++;
    try {
      const requests = await send();
      // Not before the wait: others add to it meanwhile.
      told.requests += requests;
      if (told.timesMs.length < timesKept) told.timesMs.push(performance.now() - startedAt);
    } catch (error) {
      const { message } = error as Error;
      told.failed.set(message, (told.failed.get(message) ?? 0) + 1);
    }
  }
}
