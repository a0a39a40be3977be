/** Control of deliveries: what was sent, held back, repeated, turned round. */
import { z } from 'zod';
import type { Surface } from '@/dev/doubles/stripe/control/surface';
import { addDelivery } from '@/dev/doubles/stripe/events/events';
import { findEvent } from '@/dev/doubles/stripe/events/events-list';
import type { Delivery } from '@/dev/doubles/stripe/events/events-state';

const filters = z.strictObject({
  status: z.enum(['waiting', 'held', 'gathering', 'delivered', 'given_up']).optional(),
  customer: z.string().optional(),
  event: z.string().optional(),
  endpoint: z.string().optional(),
});

/** Deliveries, oldest first, each with its event's type. */
export function list({ state }: Surface, given: unknown) {
  const wanted = Object.entries(filters.parse(given)) as [keyof Delivery, string][];
  const types = new Map(state.events.map(({ id, type }) => [id, type]));
  const fit = Object.values(state.deliveries).filter(delivery =>
    wanted.every(([name, value]) => delivery[name] === value),
  );
  return { deliveries: fit.map(delivery => ({ ...delivery, type: types.get(delivery.event) ?? null })) };
}

const rule = z.strictObject({
  mode: z.enum(['normal', 'hold', 'duplicate', 'reverse']),
  copies: z.int().min(1).max(20).default(3),
  delay_ms: z.int().min(0).max(3_600_000).optional(),
  endpoint: z.string().optional(),
  customer: z.string().optional(),
});

/** Sets how events are delivered from now on; `normal` without a delay takes the rule away. What is held stays held. */
export function setRule({ state }: Surface, given: unknown) {
  const { mode, copies, delay_ms: delay, endpoint = null, customer = null } = rule.parse(given);
  const delayMs = delay ?? (mode === 'reverse' ? 500 : 0);
  state.deliveryRules = state.deliveryRules.filter(set => set.endpoint !== endpoint || set.customer !== customer);
  if (mode !== 'normal' || delayMs > 0) state.deliveryRules.push({ mode, copies, delayMs, endpoint, customer });
  return { rules: state.deliveryRules };
}

const releaseParams = z.strictObject({
  order: z.array(z.string()).optional(),
  copies: z.int().min(1).max(20).default(1),
  customer: z.string().optional(),
});

function copyOf({ state }: Surface, { event, endpoint }: Delivery): Delivery {
  const copy = addDelivery(state, findEvent(state, event), endpoint);
  copy.status = 'held';
  return copy;
}

/** Held deliveries of the named events (those of all, without `order`), in that order; an event sent before is sent again. */
function inOrder(surface: Surface, order: string[] | undefined, customer: string | undefined): Delivery[] {
  const { state } = surface;
  const held = Object.values(state.deliveries).filter(
    delivery => delivery.status === 'held' && (!customer || delivery.customer === customer),
  );
  if (!order) return held;
  return order.flatMap(id => {
    findEvent(state, id);
    const at = held.findIndex(delivery => delivery.event === id);
    if (at >= 0) {
      const [first] = held.splice(at, 1);
      return first ? [first] : [];
    }
    const sent = Object.values(state.deliveries).findLast(delivery => delivery.event === id);
    return sent ? [copyOf(surface, sent)] : [];
  });
}

/** Sends held deliveries one after the other, each `copies` times; answers once each was tried. */
export async function release(surface: Surface, given: unknown) {
  const { order, copies, customer } = releaseParams.parse(given);
  const chosen = inOrder(surface, order, customer).flatMap(delivery => [
    delivery,
    ...Array.from({ length: copies - 1 }, () => copyOf(surface, delivery)),
  ]);
  await surface.deliverer.sendInOrder(chosen);
  return { deliveries: chosen };
}

/** Sends an event again to the endpoints it was for, or to one; answers once each was tried. */
export async function redeliver({ state, deliverer }: Surface, given: unknown) {
  const { event: id, endpoint } = z.strictObject({ event: z.string(), endpoint: z.string().optional() }).parse(given);
  const event = findEvent(state, id);
  const endpoints = endpoint ? [endpoint] : Object.keys(state.webhookEndpoints);
  const sent = endpoints.map(to => addDelivery(state, event, to));
  await deliverer.sendInOrder(sent);
  return { deliveries: sent };
}
