/** GET /v1/events: what happened, newest first. */
import { z } from 'zod';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import type { StripeEvent } from '@/dev/doubles/stripe/events/events-state';
import { page, paging } from '@/dev/doubles/stripe/lists';
import { flag, integer, parseParams } from '@/dev/doubles/stripe/params';
import type { Route } from '@/dev/doubles/stripe/router';
import type { StripeState } from '@/dev/doubles/stripe/state';

const bound = integer.optional();
const filters = {
  type: z.string().optional(),
  types: z.array(z.string()).max(20).optional(),
  created: z.union([integer, z.strictObject({ gt: bound, gte: bound, lt: bound, lte: bound })]).optional(),
  delivery_success: flag.optional(),
};
type Created = z.output<typeof filters.created>;

/** Endpoints that an event has not reached yet. */
function pending(state: StripeState, event: StripeEvent): Set<string> {
  const of = Object.values(state.deliveries).filter(delivery => delivery.event === event.id);
  return new Set(of.filter(delivery => delivery.status !== 'delivered').map(delivery => delivery.endpoint));
}

/** An event as it is shown now; only the number of endpoints it has yet to reach changes. */
export const shownEvent = (state: StripeState, event: StripeEvent): StripeEvent => ({
  ...event,
  pending_webhooks: pending(state, event).size,
});

function inRange(at: number, range: Created): boolean {
  if (range === undefined) return true;
  if (typeof range === 'number') return at === range;
  const { gt, gte, lt, lte } = range;
  return (
    (gt === undefined || at > gt) &&
    (gte === undefined || at >= gte) &&
    (lt === undefined || at < lt) &&
    (lte === undefined || at <= lte)
  );
}

/** `customer.*` stands for every type that begins so. */
const isOfType = (event: StripeEvent, wanted: string) =>
  wanted.endsWith('*') ? event.type.startsWith(wanted.slice(0, -1)) : event.type === wanted;

/** The event of an id. Throws 404. */
export function findEvent(state: StripeState, id: string): StripeEvent {
  const event = state.events.find(kept => kept.id === id);
  if (!event) throw missing('event', id);
  return event;
}

export const eventRoutes: Route[] = [
  [
    'GET',
    '/v1/events',
    ({ state, form }) => {
      const {
        type,
        types,
        created,
        delivery_success: reached,
        ...paged
      } = parseParams({ ...paging, ...filters }, form);
      if (type && types) throw new StripeError(400, 'You may only specify one of these parameters: type, types.');
      const fits = state.events.filter(
        event =>
          inRange(event.created, created) &&
          (!type || isOfType(event, type)) &&
          (!types || types.some(wanted => isOfType(event, wanted))) &&
          (reached === undefined || (pending(state, event).size === 0) === reached),
      );
      const list = page(fits, '/v1/events', paged);
      return { ...list, data: list.data.map(event => shownEvent(state, event)) };
    },
  ],
  ['GET', '/v1/events/:id', ({ state, id }) => shownEvent(state, findEvent(state, id))],
];
