/** A sender of the agent log at a set rate that sends each batch twice or three times at once, and again until each copy is answered. */
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Numbers } from '@/dev/prove/events/numbers';
import { newUuid } from '@/lib/platform/ids';

export type AgentSenderOptions = { url: string; key: string; eventsPerSecond: number; batch: number };

const retryMs = 250;
const requestMs = 20_000;
/** Batches under way at most, as senders bound what they keep. */
const mostUnderWay = 48;
const sessions = 97;
const digits = 12;

/** A UUIDv4 that ends in the number of the event, in decimals. */
const idOf = (number: number): string => {
  const hex = randomBytes(10).toString('hex');
  const variant = '89ab'[randomInt(4)];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(15, 18)}-${String(number).padStart(digits, '0')}`;
};

/** Sends until stopped; `acknowledged` holds the events of batches of which some copy was answered 200. */
export class AgentSender {
  readonly acknowledged = new Numbers();
  /** Answers other than 200, and none at all, by status. */
  readonly others = new Map<number, number>();
  /** Copies that were answered 200. */
  copies = 0;
  #sent = 0;
  #stopping = false;
  readonly #underWay = new Set<Promise<void>>();

  constructor(readonly options: AgentSenderOptions) {}

  get sent(): number {
    return this.#sent;
  }

  /** Sends until `stop`, and resolves when all copies are answered. */
  async run(): Promise<void> {
    const { eventsPerSecond, batch } = this.options;
    const startedMs = performance.now();
    while (!this.#stopping) {
      const due = ((performance.now() - startedMs) / 1_000) * eventsPerSecond;
      if (this.#sent >= due || this.#underWay.size >= mostUnderWay) await sleep(5);
      else this.#begin(batch);
    }
    await Promise.all(this.#underWay);
  }

  /** Ends the sending; what was sent is still sent again until it is answered. */
  stop(): void {
    this.#stopping = true;
  }

  #begin(size: number): void {
    const numbers = Array.from({ length: size }, (_, index) => this.#sent + index);
    this.#sent += size;
    const body = JSON.stringify({ events: numbers.map(eventOf) });
    for (let copy = 0; copy < 2 + randomInt(2); copy++) {
      const request = this.#deliver(numbers, body);
      this.#underWay.add(request);
      void request.finally(() => this.#underWay.delete(request));
    }
  }

  async #deliver(numbers: readonly number[], body: string): Promise<void> {
    for (;;) {
      const status = await this.#post(body);
      if (status === 200) {
        this.copies++;
        for (const number of numbers) this.acknowledged.add(number);
        return;
      }
      this.others.set(status, (this.others.get(status) ?? 0) + 1);
      await sleep(retryMs);
    }
  }

  async #post(body: string): Promise<number> {
    const { url, key } = this.options;
    try {
      const response = await fetch(`${url}/v1/agent/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
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

/** Messages and calls of tools in turn. */
function eventOf(number: number): object {
  const session = number % sessions;
  const common = {
    event_id: idOf(number),
    event_timestamp: new Date().toISOString(),
    session_id: `session-${session}`,
    user_id: `user-${session % 7}`,
  };
  const call = { execution_id: newUuid(), tool_name: `tool_${number % 5}` };
  if (number % 3 === 0) return { ...common, event_type: 'message_sent', content: { text: `message ${number}` } };
  if (number % 3 === 1) return { ...common, event_type: 'tool_start', metadata: call, content: { number } };
  return { ...common, event_type: 'tool_end', metadata: { ...call, status: 'success', bytes_billed: number } };
}
