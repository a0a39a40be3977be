/** What staff see and do about messages that are not out: the list, another try. */
import { and, eq } from 'drizzle-orm';
import { retryNotificationInput } from '@/lib/domains/notifications/input';
import { messageQueue } from '@/lib/domains/notifications/queue';
import { type Notification, type NotificationStatus, notifications } from '@/lib/domains/notifications/tables';
import { shortAddresses } from '@/lib/domains/notifications/words';
import { recordStaffRead } from '@/lib/kernel/audit/audit-reads';
import { authorise, defineCommand } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import { listItems, replay } from '@/lib/kernel/queue/queue';

/** A message without what it says. */
export type ListedNotification = Omit<Notification, 'sealedSecret' | 'data'>;

const hidden = ['sealedSecret', 'data'] as const;

/** Messages of all customers, newest first; for the operator's CLI and the support console. */
export async function listNotifications(filter: {
  status?: NotificationStatus;
  customerId?: string;
  limit: number;
}): Promise<ListedNotification[]> {
  const where = and(
    filter.status ? eq(notifications.status, filter.status) : undefined,
    filter.customerId ? eq(notifications.customerId, filter.customerId) : undefined,
  );
  return listItems(messageQueue, { where, limit: filter.limit, hidden });
}

/** A message that was given up, for staff: neither what it says nor a whole address. */
export type FailedNotification = {
  notification_id: string;
  customer_id: string;
  company_name: string;
  event: string;
  /** `m…@example.com`. */
  recipient: string;
  attempts: number;
  last_error: string | null;
  created_at: Date;
};

const listedAtMost = 200;

/** Messages that were given up, newest first, at most 200. Staff only; the read is on record. AppError forbidden. */
export async function listFailedNotifications(ctx: Ctx): Promise<FailedNotification[]> {
  await authorise(ctx, 'staff:read', 'notification.list_failed');
  await recordStaffRead(ctx, 'notification.list_failed', {});
  const rows = await listNotifications({ status: 'failed', limit: listedAtMost });
  return rows.map(row => ({
    notification_id: row.notificationId,
    customer_id: row.customerId,
    company_name: row.companyName,
    event: row.event,
    recipient: shortAddresses(row.recipient),
    attempts: row.attempts,
    last_error: row.lastError && shortAddresses(row.lastError),
    created_at: row.createdAt,
  }));
}

/**
 * Puts a message that was given up back in line, with all its attempts. It keeps its idempotency key; but the mail
 * service forgets keys after 24 hours, so one whose answer was lost longer ago may arrive twice. AppError not_found, conflict.
 */
export const retryNotification = defineCommand({
  name: 'notification.retry',
  permission: 'staff:write',
  input: retryNotificationInput,
  run: async ({ ctx, tx, input }) => {
    const message = await replay(tx, messageQueue, {
      id: input.notification_id,
      from: ['dead'],
      now: ctx.clock(),
      where: ctx.customerId ? eq(notifications.customerId, ctx.customerId) : undefined,
    });
    return {
      result: { notification_id: message.notificationId },
      target: { type: 'notification', id: message.notificationId },
      before: { status: 'failed', attempts: message.attempts, last_error: message.lastError },
      after: { status: 'queued' },
      mirror: [],
    };
  },
});
