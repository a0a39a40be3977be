/** Senders of Segment's wire format at a set rate, which send again what was not answered, as the SDKs do. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Numbers } from '@/dev/prove/events/numbers';

export type SenderOptions = {
  url: string;
  writeKey: string;
  eventsPerSecond: number;
  /** Events of one request. */
  batch: number;
  /** Names of events, in turn; one table each. */
  eventNames: readonly string[];
};

const retryMs = 250;
const requestMs = 20_000;

/** Sends until stopped. Message ids end in the number of the event; `acknowledged` holds those that were answered 200. */
export class Sender {
  readonly acknowledged = new Numbers();
  readonly #run = randomUUID();
  /** Answers other than 200, and none at all, by status. */
  readonly others = new Map<number, number>();
  #sent = 0;
  #stopping = false;
  readonly #underWay = new Set<Promise<void>>();

  constructor(readonly options: SenderOptions) {}

  get sent(): number {
    return this.#sent;
  }

  /** Sends for so long, or so many events, whichever ends first. */
  async run(limit: { ms?: number; events?: number }): Promise<void> {
    const { eventsPerSecond, batch } = this.options;
    const startedAt = performance.now();
    const over = () =>
      this.#stopping ||
      performance.now() - startedAt > (limit.ms ?? Number.POSITIVE_INFINITY) ||
      this.#sent >= (limit.events ?? Number.POSITIVE_INFINITY);
    while (!over()) {
      const due = ((performance.now() - startedAt) / 1_000) * eventsPerSecond;
      // What waits for a part to come back is bounded, as the queue of an SDK is.
      if (this.#sent >= due || this.#underWay.size >= 64) await sleep(5);
      else this.#begin(batch);
    }
    await Promise.all(this.#underWay);
  }

  /** Ends the sending; what was sent is still sent again until it is answered. */
  stop(): void {
    this.#stopping = true;
  }

  #begin(size: number): void {
    const first = this.#sent;
    this.#sent += size;
    const items = Array.from({ length: size }, (_, index) => this.#event(first + index));
    const body = JSON.stringify({ batch: items, sentAt: new Date().toISOString() });
    const request = this.#deliver(first, size, body);
    this.#underWay.add(request);
    void request.finally(() => this.#underWay.delete(request));
  }

  #event(number: number): object {
    const messageId = `${this.#run}-${number}`;
    const event = this.options.eventNames[number % this.options.eventNames.length];
    const timestamp = new Date().toISOString();
    const properties = { number, price: number / 4, first: number % 2 === 0, label: `n${number}` };
    return { type: 'track', messageId, userId: `user-${number % 997}`, event, timestamp, properties };
  }

  async #deliver(first: number, size: number, body: string): Promise<void> {
    for (;;) {
      const status = await this.#post(body);
      if (status === 200) {
        for (let number = first; number < first + size; number++) this.acknowledged.add(number);
        return;
      }
      this.others.set(status, (this.others.get(status) ?? 0) + 1);
      await sleep(retryMs);
    }
  }

  async #post(body: string): Promise<number> {
    const { url, writeKey } = this.options;
    try {
      const response = await fetch(`${url}/v1/batch`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
          'content-type': 'application/json',
        },
        body,
        signal: AbortSignal.timeout(requestMs),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }
}
