/** Events: one for each change, kept for the list, and queued for each webhook endpoint that asked for its type. */
import Stripe from 'stripe';
import type {
  Delivery,
  DeliveryRule,
  Endpoint,
  EventType,
  StripeEvent,
} from '@/dev/doubles/stripe/events/events-state';
import { newId, nowSeconds, type StripeState } from '@/dev/doubles/stripe/state';

/** Enough for any test; more would make each save of the state slow. Stripe keeps them 30 days. */
const keptEvents = 10_000;

/** The version whose shapes the double answers with: the one of the installed package. */
export const apiVersion = Stripe.API_VERSION;

/** The request that is being answered; route handlers are synchronous, so one at a time. */
let current: StripeEvent['request'] = { id: null, idempotency_key: null };

/** Runs a handler so that the events it emits name the request they come from. */
export function asRequest<Result>(request: StripeEvent['request'], run: () => Result): Result {
  const before = current;
  current = request;
  try {
    return run();
  } finally {
    current = before;
  }
}

const wakers = new WeakMap<StripeState, () => void>();

/** Has `wake` called after each event, by the deliverer of this state. */
export const onEmit = (state: StripeState, wake: () => void) => wakers.set(state, wake);

const fieldOf = (object: object, name: string): unknown => (object as Record<string, unknown>)[name];

/** The Stripe customer an object is or belongs to. */
export function customerOf(object: object): string | null {
  if (fieldOf(object, 'object') === 'customer') return String(fieldOf(object, 'id'));
  const customer = fieldOf(object, 'customer');
  return typeof customer === 'string' ? customer : null;
}

const wants = ({ shown }: Endpoint, type: EventType) =>
  shown.status === 'enabled' && (shown.enabled_events.includes('*') || shown.enabled_events.includes(type));

/** The newest rule of the control API for an endpoint and a customer. */
function ruleFor(state: StripeState, endpoint: string, customer: string | null) {
  return state.deliveryRules.findLast(
    rule => (!rule.endpoint || rule.endpoint === endpoint) && (!rule.customer || rule.customer === customer),
  );
}

const statusUnder = { normal: 'waiting', duplicate: 'waiting', hold: 'held', reverse: 'gathering' } as const;

/** One more delivery of an event, as it comes without a rule. */
export function addDelivery(state: StripeState, event: StripeEvent, endpoint: string, rule?: DeliveryRule): Delivery {
  const madeAtMs = Date.now();
  const delivery: Delivery = {
    id: newId('whd', 7),
    event: event.id,
    endpoint,
    customer: customerOf(event.data.object),
    status: statusUnder[rule?.mode ?? 'normal'],
    attempts: 0,
    madeAtMs,
    nextAttemptAtMs: madeAtMs + (rule?.delayMs ?? 0),
    lastStatus: null,
    lastError: null,
  };
  state.deliveries[delivery.id] = delivery;
  return delivery;
}

/** Queues an event for one endpoint, as often and as late as the control API asked. */
function queue(state: StripeState, event: StripeEvent, endpoint: string): void {
  const rule = ruleFor(state, endpoint, customerOf(event.data.object));
  const copies = rule?.mode === 'duplicate' ? rule.copies : 1;
  for (let copy = 0; copy < copies; copy++) addDelivery(state, event, endpoint, rule);
}

/**
 * Makes an event of an object as it is now, keeps it, and queues a delivery for each endpoint that wants its type.
 * `previousAttributes` holds what an update changed, as it was.
 */
export function emit(
  state: StripeState,
  type: EventType,
  object: object,
  previousAttributes?: object,
  created = nowSeconds(),
): StripeEvent {
  const event: StripeEvent = {
    id: newId('evt'),
    object: 'event',
    api_version: apiVersion,
    created,
    data: structuredClone({
      object,
      ...(previousAttributes ? { previous_attributes: previousAttributes } : {}),
    }),
    livemode: false,
    pending_webhooks: 0,
    request: current,
    type,
  };
  state.events.push(event);
  if (state.events.length > keptEvents) state.events.shift();
  for (const endpoint of Object.values(state.webhookEndpoints)) {
    if (wants(endpoint, type)) queue(state, event, endpoint.shown.id);
  }
  wakers.get(state)?.();
  return event;
}
