/** Lineage events as a queue: each is applied in the transaction that ends it. Source: docs/architecture.md, Queues. */
import { lineageEvents, lineageWords } from '@/lib/domains/lineage/tables';
import { type Backlog, backlogOf, defineQueue } from '@/lib/kernel/queue/queue';

const minuteMs = 60_000;

/** An event is given up after six attempts in three quarters of an hour: what cannot be applied then is a fault of ours. */
const backoffMs = [1_000, 10_000, minuteMs, 10 * minuteMs, 30 * minuteMs];

export const lineageQueue = defineQueue({
  noun: 'lineage event',
  words: lineageWords,
  table: lineageEvents,
  id: 'eventId',
  arrivedAt: 'receivedAt',
  backoffMs,
});

/** How many events wait and were given up, and the age of the oldest waiting one. */
export const lineageBacklog = (): Promise<Backlog> => backlogOf(lineageQueue);
