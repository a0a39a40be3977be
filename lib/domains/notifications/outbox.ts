/** What staff see and do about messages that are not out: counts for metrics, the list, another try. */
import { and, desc, eq, getTableColumns, sql } from 'drizzle-orm';
import { retryNotificationInput } from '@/lib/domains/notifications/input';
import { type Notification, type NotificationStatus, notifications } from '@/lib/domains/notifications/tables';
import { shortAddresses } from '@/lib/domains/notifications/words';
import { recordStaffRead } from '@/lib/kernel/audit/audit-reads';
import { authorise, defineCommand } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** A message without what it says. */
export type ListedNotification = Omit<Notification, 'sealedSecret' | 'data'>;

const { sealedSecret: _sealed, data: _data, ...listed } = getTableColumns(notifications);

/** Messages of all customers, newest first; for the operator's CLI and the support console. */
export async function listNotifications(filter: {
  status?: NotificationStatus;
  customerId?: string;
  limit: number;
}): Promise<ListedNotification[]> {
  return db()
    .select(listed)
    .from(notifications)
    .where(
      and(
        filter.status ? eq(notifications.status, filter.status) : undefined,
        filter.customerId ? eq(notifications.customerId, filter.customerId) : undefined,
      ),
    )
    .orderBy(desc(notifications.createdAt), desc(notifications.notificationId))
    .limit(filter.limit);
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
    const [message] = await tx
      .select(listed)
      .from(notifications)
      .where(
        and(
          eq(notifications.notificationId, input.notification_id),
          ctx.customerId ? eq(notifications.customerId, ctx.customerId) : undefined,
        ),
      )
      .for('update');
    if (!message) throw new AppError('not_found', 'There is no message with this id.');
    if (message.status !== 'failed')
      throw new AppError('conflict', `This message is ${message.status}; only failed ones are tried again.`);
    await tx
      .update(notifications)
      .set({ status: 'queued', attempts: 0, nextAttemptAt: ctx.clock() })
      .where(eq(notifications.notificationId, message.notificationId));
    return {
      result: { notification_id: message.notificationId },
      target: { type: 'notification', id: message.notificationId },
      before: { status: 'failed', attempts: message.attempts, last_error: message.lastError },
      after: { status: 'queued' },
      mirror: [],
    };
  },
});

export type NotificationBacklog = { waiting: number; failed: number; oldestSeconds: number; lateSeconds: number };

/** How many messages wait and were given up; age of the oldest waiting one, and for how long one has been due. */
export async function notificationBacklog(): Promise<NotificationBacklog> {
  const [row] = await db()
    .select({
      waiting: sql<number>`(count(*) FILTER (WHERE status = 'queued'))::int`,
      failed: sql<number>`(count(*) FILTER (WHERE status = 'failed'))::int`,
      oldestSeconds: sql<number>`coalesce(extract(epoch FROM clock_timestamp() - min(created_at) FILTER (WHERE status = 'queued')), 0)::float8`,
      lateSeconds: sql<number>`coalesce(extract(epoch FROM clock_timestamp() - min(next_attempt_at) FILTER (WHERE status = 'queued')), 0)::float8`,
    })
    .from(notifications)
    .where(sql`${notifications.status} IN ('queued', 'failed')`);
  return {
    waiting: row?.waiting ?? 0,
    failed: row?.failed ?? 0,
    oldestSeconds: Math.max(0, row?.oldestSeconds ?? 0),
    lateSeconds: Math.max(0, row?.lateSeconds ?? 0),
  };
}
