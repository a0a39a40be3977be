/**
 * Sends queued events to webhook endpoints: signed, at least once, with retries, in no promised order.
 * What waits is part of the state, so a restart goes on where the process was killed.
 */
import { signatureHeader } from '@/dev/doubles/stripe/events/deliveries-signature';
import { onEmit } from '@/dev/doubles/stripe/events/events';
import { shownEvent } from '@/dev/doubles/stripe/events/events-list';
import type { Delivery } from '@/dev/doubles/stripe/events/events-state';
import type { StripeState } from '@/dev/doubles/stripe/state';

const backoffMs = [500, 2_000, 8_000, 30_000];
const laterBackoffMs = 60_000;
const givenUpAfterMs = 3 * 86_400_000;
const timeoutMs = 10_000;
const maxInFlight = 16;
/** Finished ones kept for GET /_control/deliveries. */
const keptFinished = 5_000;
const keptWaiting = 20_000;
/** An endpoint that takes no connection is left alone so long, or thousands of deliveries would keep knocking. */
const restMs = 1_000;

/** How long after which attempt the next one comes. */
export const retryDelayMs = (attempts: number): number => backoffMs[attempts - 1] ?? laterBackoffMs;

async function post(state: StripeState, delivery: Delivery, signal: AbortSignal): Promise<number> {
  const event = state.events.find(({ id }) => id === delivery.event);
  const endpoint = state.webhookEndpoints[delivery.endpoint];
  if (!event || !endpoint) throw new Error('the event or its endpoint is gone');
  const body = JSON.stringify(shownEvent(state, event), null, 2);
  const response = await fetch(endpoint.shown.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      'stripe-signature': signatureHeader(body, endpoint.secret, Math.floor(Date.now() / 1000)),
    },
    body,
    // Stripe does not follow redirects: one is a failed delivery.
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  await response.arrayBuffer();
  return response.status;
}

const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
};

export class Deliverer {
  readonly #stop = new AbortController();
  readonly #inFlight = new Set<string>();
  /** Those of a release in order, which wait for their turn. */
  readonly #inLine = new Set<string>();
  readonly #restUntilMs = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #woken = false;

  constructor(private readonly state: StripeState) {}

  start(): void {
    onEmit(this.state, () => this.wake());
    this.wake();
  }

  /** Ends what is under way; it is sent again at the next start. */
  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  /** Has what is due sent after the call that is being answered. */
  wake(): void {
    if (this.#woken) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      this.#pump();
    });
  }

  /** One attempt now, whatever its time; the answer's status, or null where there was none. */
  async attempt(delivery: Delivery): Promise<number | null> {
    this.#inFlight.add(delivery.id);
    delivery.attempts++;
    delivery.lastStatus = null;
    delivery.lastError = null;
    try {
      delivery.lastStatus = await post(this.state, delivery, this.#stop.signal);
    } catch (error) {
      delivery.lastError = textOf(error);
      this.#restUntilMs.set(delivery.endpoint, Date.now() + restMs);
    }
    this.#inFlight.delete(delivery.id);
    if (!this.#stop.signal.aborted) this.#settle(delivery);
    return delivery.lastStatus;
  }

  /** Sends the given ones strictly one after the other, each once; those that fail are tried again later, as all are. */
  async sendInOrder(deliveries: Delivery[]): Promise<void> {
    for (const { id } of deliveries) this.#inLine.add(id);
    for (const delivery of deliveries) {
      await this.attempt(delivery);
      this.#inLine.delete(delivery.id);
    }
    this.wake();
  }

  #settle(delivery: Delivery): void {
    const status = delivery.lastStatus ?? 0;
    if (status >= 200 && status < 300) delivery.status = 'delivered';
    else if (!this.state.webhookEndpoints[delivery.endpoint] || Date.now() - delivery.madeAtMs > givenUpAfterMs)
      delivery.status = 'given_up';
    else {
      delivery.status = 'waiting';
      delivery.nextAttemptAtMs = Date.now() + retryDelayMs(delivery.attempts);
    }
    this.#forget();
    this.wake();
  }

  /** Bounds what is kept where an endpoint is away for days. */
  #forget(): void {
    const all = Object.values(this.state.deliveries);
    if (all.length <= keptFinished * 2) return;
    const finished = all.filter(({ status }) => status === 'delivered' || status === 'given_up');
    for (const { id } of finished.slice(0, -keptFinished)) delete this.state.deliveries[id];
    const waiting = all.filter(({ status }) => status === 'waiting');
    for (const delivery of waiting.slice(0, -keptWaiting)) delivery.status = 'given_up';
  }

  /** When a delivery may be tried: at its time, and not while its endpoint takes no connections. */
  #dueAtMs({ nextAttemptAtMs, endpoint }: Delivery): number {
    return Math.max(nextAttemptAtMs, this.#restUntilMs.get(endpoint) ?? 0);
  }

  /** Starts as many due deliveries as may be under way, and looks again when the next one is due. */
  #pump(): void {
    if (this.#stop.signal.aborted) return;
    clearTimeout(this.#timer);
    const open = Object.values(this.state.deliveries).filter(
      ({ id, status }) =>
        (status === 'waiting' || status === 'gathering') && !this.#inFlight.has(id) && !this.#inLine.has(id),
    );
    this.#reverse(open.filter(({ status }) => status === 'gathering'));
    let nextAtMs = Number.POSITIVE_INFINITY;
    for (const delivery of open) {
      if (delivery.status !== 'waiting') continue;
      const dueAtMs = this.#dueAtMs(delivery);
      if (dueAtMs > Date.now()) nextAtMs = Math.min(nextAtMs, dueAtMs);
      else if (this.#inFlight.size < maxInFlight) void this.attempt(delivery);
      else return;
    }
    if (Number.isFinite(nextAtMs)) this.#lookAgainAt(nextAtMs);
  }

  /** Sends what was gathered newest first, once nothing new came for the time the rule names. */
  #reverse(gathered: Delivery[]): void {
    if (gathered.length === 0) return;
    const quietAtMs = Math.max(...gathered.map(({ nextAttemptAtMs }) => nextAttemptAtMs));
    if (quietAtMs > Date.now()) setTimeout(() => this.wake(), quietAtMs - Date.now()).unref();
    else void this.sendInOrder(gathered.toReversed());
  }

  #lookAgainAt(instantMs: number): void {
    const inMs = Math.max(1, Math.min(instantMs - Date.now(), laterBackoffMs));
    this.#timer = setTimeout(() => this.#pump(), inMs);
  }
}
