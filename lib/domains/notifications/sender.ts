/** Sends what is due. Any number of senders may run: each takes one message at a time, which no other then sees. */
import { and, eq, sql } from 'drizzle-orm';
import { type Channel, channels, type Delivery } from '@/lib/domains/notifications/channels';
import { type ChannelName, type EventName, events, isPersonEvent, isTooLate } from '@/lib/domains/notifications/events';
import { secretPlace, turnedOff } from '@/lib/domains/notifications/notify';
import { invitationStands, membersWanting } from '@/lib/domains/notifications/recipients';
import { claimMs, nextAttempt } from '@/lib/domains/notifications/rules';
import { type Notification, type NotificationStatus, notifications } from '@/lib/domains/notifications/tables';
import { open } from '@/lib/kernel/sealing';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';

export type SendOptions = {
  clock?: Clock;
  /** Only messages of these customers; all by default. */
  customers?: string[];
  channels?: Record<ChannelName, Channel>;
  /** Ends the round between two messages. */
  signal?: AbortSignal;
};

export type SendReport = Record<'sent' | 'later' | 'failed' | 'suppressed', number>;

/**
 * Takes one due message for claimMs. If this process dies meanwhile, the next attempt carries the same idempotency key,
 * by which the mail service knows a message it had accepted (for 24 hours).
 */
async function claim(now: Date, customers: string[] | undefined): Promise<Notification | undefined> {
  const mine = customers ? sql`AND customer_id = ANY(${sql.param(customers)}::text[])` : sql``;
  const [claimed] = await db()
    .update(notifications)
    .set({
      attempts: sql`${notifications.attempts} + 1`,
      nextAttemptAt: new Date(now.getTime() + claimMs),
    })
    .where(
      sql`${notifications.notificationId} = (
        SELECT notification_id FROM notifications WHERE status = 'queued' AND next_attempt_at <= ${now} ${mine}
        ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)`,
    )
    .returning();
  return claimed;
}

/** Why it is not to be sent any more: too late, its link has ended, or the person has left, lost the role, or turned it off. */
async function refusalNow(message: Notification, now: Date): Promise<string | null> {
  const event = message.event as EventName;
  if (isTooLate(event, message.data, now)) return 'It was too late to be of use.';
  if (event === 'invitation') {
    const stands = await invitationStands(db(), message.customerId, events.invitation.data.parse(message.data));
    return stands ? null : 'The invitation has ended.';
  }
  if (isPersonEvent(event) || message.userId === null) return null;
  const channel = message.channel as ChannelName;
  const [person] = await membersWanting(db(), message.customerId, event, channel, message.userId);
  if (!person) return 'The person may not get this any more.';
  return person.wants ? null : turnedOff;
}

async function deliver(message: Notification, channel: Channel): Promise<Delivery> {
  try {
    const place = secretPlace(message.customerId, message.notificationId);
    const secret = message.sealedSecret ? (await open(message.sealedSecret, place)).toString('utf8') : null;
    return await channel({ ...message, event: message.event as EventName, secret });
  } catch (error) {
    log().warn({ err: error, notification_id: message.notificationId }, 'a message could not be made');
    return { outcome: 'later', error: error instanceof Error ? error.message : String(error), retryAfterMs: null };
  }
}

/** Writes the end of an attempt and answers true, unless another sender has taken the message over meanwhile. */
async function mark(
  message: Notification,
  columns: Partial<Notification> & { status: NotificationStatus },
): Promise<boolean> {
  const over = columns.status === 'sent' || columns.status === 'suppressed' ? { sealedSecret: null } : {};
  const marked = await db()
    .update(notifications)
    .set({ ...columns, ...over })
    .where(
      and(
        eq(notifications.notificationId, message.notificationId),
        eq(notifications.attempts, message.attempts),
        eq(notifications.status, 'queued'),
      ),
    );
  return marked.rowCount === 1;
}

async function settle(message: Notification, delivery: Delivery, clock: Clock): Promise<keyof SendReport> {
  if (delivery.outcome === 'accepted') {
    await mark(message, { status: 'sent', sentAt: clock(), providerId: delivery.id, lastError: null });
    return 'sent';
  }
  const lastError = delivery.error.slice(0, 500);
  if (delivery.outcome === 'later' && delivery.retryAfterMs !== null) {
    // The service asked to wait: that is no attempt.
    const nextAttemptAt = new Date(clock().getTime() + delivery.retryAfterMs);
    await mark(message, { status: 'queued', attempts: message.attempts - 1, nextAttemptAt, lastError });
    return 'later';
  }
  const nextAttemptAt = delivery.outcome === 'later' ? nextAttempt(message.attempts, clock()) : null;
  if (nextAttemptAt) {
    await mark(message, { status: 'queued', nextAttemptAt, lastError });
    return 'later';
  }
  if (await mark(message, { status: 'failed', lastError })) {
    log().error({ notification_id: message.notificationId, event: message.event, lastError }, 'a message was given up');
  }
  return 'failed';
}

/**
 * Sends everything that is due now, one after another, and answers what became of it.
 * Source: docs/architecture.md, Notifications.
 */
export async function sendDue(options: SendOptions = {}): Promise<SendReport> {
  const { clock = systemClock, customers, signal } = options;
  const by = options.channels ?? channels;
  const report: SendReport = { sent: 0, later: 0, failed: 0, suppressed: 0 };
  while (!signal?.aborted) {
    const message = await claim(clock(), customers);
    if (!message) break;
    const refusal = await refusalNow(message, clock());
    if (refusal) await mark(message, { status: 'suppressed', lastError: refusal });
    const delivery = refusal ? null : await deliver(message, by[message.channel as ChannelName]);
    const outcome = delivery ? await settle(message, delivery, clock) : 'suppressed';
    report[outcome]++;
    metrics().notifications.inc({ event: message.event, channel: message.channel, outcome });
    // The service asked to wait: so do the other messages.
    if (delivery?.outcome === 'later' && delivery.retryAfterMs !== null) break;
  }
  return report;
}
