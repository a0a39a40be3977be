/** Stripe's events as a queue. */
import { backoffMs } from '@/lib/domains/subscriptions/sync/process-rules';
import { eventWords, stripeEvents } from '@/lib/domains/subscriptions/tables';
import { type Backlog, backlogOf, defineQueue } from '@/lib/kernel/queue/queue';

export const eventQueue = defineQueue({
  noun: 'event',
  words: eventWords,
  table: stripeEvents,
  id: 'eventId',
  arrivedAt: 'receivedAt',
  backoffMs,
});

/** How many events wait and were given up, and the age of the oldest waiting one. */
export const eventBacklog = (): Promise<Backlog> => backlogOf(eventQueue);
