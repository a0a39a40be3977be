/** The inbox of Stripe's events: stored by their id before Stripe hears 200, and what waits there or was given up. */
import { and, eq, inArray, lt } from 'drizzle-orm';
import { eventQueue } from '@/lib/domains/subscriptions/sync/queue';
import { isHandled, type StripeEventPayload, subjectOf } from '@/lib/domains/subscriptions/sync/stripe-events';
import { type StripeEvent, stripeEvents } from '@/lib/domains/subscriptions/tables';
import { createBatcher } from '@/lib/kernel/batcher';
import { listItems } from '@/lib/kernel/queue/queue';
import { type Db, db, type Tx } from '@/lib/platform/db';

/** How long events stay once they are done or concerned customers we do not know, in days; Stripe itself keeps them 30. */
export const keptDays = 30;
const dayMs = 86_400_000;

/** Postgres takes neither NUL nor half a surrogate pair in jsonb; nothing we act on has them. */
const unstorable = /\\u(?:0000|d[89a-f])/i;
const withoutUnstorable = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;

/** The event as jsonb takes it. Looking at each text is slow, so only where one is in need of it. */
const storable = (event: StripeEventPayload): unknown =>
  unstorable.test(JSON.stringify(event)) ? JSON.parse(JSON.stringify(event, withoutUnstorable)) : event;

const rowOf = (event: StripeEventPayload) => ({
  eventId: event.id,
  type: event.type,
  livemode: event.livemode,
  createdAt: new Date(event.created * 1_000),
  ...subjectOf(event),
  payload: storable(event),
  status: isHandled(event.type) ? ('waiting' as const) : ('ignored' as const),
});

/** Stores verified events, each once whatever the number of its deliveries; answers the ids that were new. */
export async function storeEvents(events: StripeEventPayload[], store: Db | Tx = db()): Promise<string[]> {
  if (events.length === 0) return [];
  const stored = await store
    .insert(stripeEvents)
    .values(events.map(rowOf))
    .onConflictDoNothing({ target: stripeEvents.eventId })
    .returning({ eventId: stripeEvents.eventId });
  return stored.map(row => row.eventId);
}

/** True for the first of each id that was stored, in the order given: Stripe may send one twice at the same moment. */
async function storeTogether(events: StripeEventPayload[]): Promise<boolean[]> {
  const fresh = new Set(await storeEvents(events));
  return events.map(event => fresh.delete(event.id));
}

/** Stores one verified event; those that arrive while a statement is under way share the next one. True when it was new. */
export const storeEvent = createBatcher<StripeEventPayload, boolean>({
  maxSize: 100,
  maxInFlight: 2,
  run: storeTogether,
});

/** An event without what it carries, which holds addresses of people. */
export type ListedEvent = Omit<StripeEvent, 'payload'>;

/** Events of all customers, newest first; for the operator's CLI and the support console. */
export async function listEvents(filter: { status?: StripeEvent['status']; limit: number }): Promise<ListedEvent[]> {
  const where = filter.status ? eq(stripeEvents.status, filter.status) : undefined;
  return listItems(eventQueue, { where, limit: filter.limit, hidden: ['payload'] });
}

/** Deletes what was done or ignored longer than keptDays ago; answers how many. */
export async function forgetEvents(now: Date): Promise<number> {
  const before = new Date(now.getTime() - keptDays * dayMs);
  const gone = await db()
    .delete(stripeEvents)
    .where(and(inArray(stripeEvents.status, ['done', 'ignored']), lt(stripeEvents.receivedAt, before)));
  return gone.rowCount ?? 0;
}
