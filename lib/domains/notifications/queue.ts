/** Messages to people as a queue. */
import { backoffMs, leaseMs } from '@/lib/domains/notifications/rules';
import { notifications, notificationWords } from '@/lib/domains/notifications/tables';
import { type Backlog, backlogOf, defineQueue } from '@/lib/kernel/queue/queue';

export const messageQueue = defineQueue({
  noun: 'message',
  words: notificationWords,
  table: notifications,
  id: 'notificationId',
  arrivedAt: 'createdAt',
  backoffMs,
  leaseMs,
});

/** How many messages wait and were given up, the age of the oldest waiting one, and for how long one has been due. */
export const notificationBacklog = (): Promise<Backlog> => backlogOf(messageQueue);
