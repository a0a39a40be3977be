/** Sends what is due. Any number of senders may run: each takes one message at a time, which no other then sees. */
import { inArray } from 'drizzle-orm';
import type { Channel, Delivery } from '@/lib/domains/notifications/channel';
import { channels } from '@/lib/domains/notifications/channels';
import { isTooLate } from '@/lib/domains/notifications/event-rules';
import { type ChannelName, type EventName, events, isPersonEvent } from '@/lib/domains/notifications/events';
import { secretPlace, turnedOff } from '@/lib/domains/notifications/notify';
import { messageQueue } from '@/lib/domains/notifications/queue';
import { invitationStands, membersWanting } from '@/lib/domains/notifications/recipients';
import { type Notification, notifications } from '@/lib/domains/notifications/tables';
import { type Attempt, workLeased } from '@/lib/kernel/queue/work';
import { open } from '@/lib/kernel/sealing';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';

export type SendOptions = {
  clock?: Clock;
  /** Only messages of these customers; all by default. */
  customers?: string[];
  /** Other ones in the place of the product's, for tests. */
  channels?: Partial<Record<ChannelName, Channel>>;
  /** Ends the round between two messages. */
  signal?: AbortSignal;
  /** Chance in the waits between attempts, 0–1. */
  random?: () => number;
};

export type SendReport = Record<'sent' | 'later' | 'failed' | 'suppressed', number>;

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

/** One attempt: what is not wanted any more is skipped; the secret goes with the end of the message. */
async function attempt(
  message: Notification,
  by: Record<ChannelName, Channel>,
  clock: Clock,
): Promise<Attempt<Notification>> {
  const over = { sealedSecret: null };
  const refusal = await refusalNow(message, clock());
  if (refusal) return { outcome: 'skipped', error: refusal, set: over };
  const delivery = await deliver(message, by[message.channel as ChannelName]);
  switch (delivery.outcome) {
    case 'accepted':
      return { outcome: 'done', set: { ...over, sentAt: clock(), providerId: delivery.id } };
    case 'later':
      return { outcome: 'later', error: delivery.error, waitMs: delivery.retryAfterMs };
    case 'refused':
      return { outcome: 'dead', error: delivery.error };
    default:
      return delivery satisfies never;
  }
}

/** What an end is called on /metrics and in the report. */
const called = { done: 'sent', later: 'later', dead: 'failed', skipped: 'suppressed' } as const;

/**
 * Sends everything that is due now, one after another, and answers what became of it. A message carries the same idempotency
 * key at each attempt, by which the mail service knows one it had accepted (for 24 hours).
 * Source: docs/architecture.md, Notifications.
 */
export async function sendDue(options: SendOptions = {}): Promise<SendReport> {
  const { clock = systemClock, customers, signal, random } = options;
  const by = { ...channels, ...options.channels };
  const report = await workLeased(messageQueue, message => attempt(message, by, clock), {
    clock,
    signal,
    random,
    where: customers ? inArray(notifications.customerId, customers) : undefined,
    onSettled: ({ notificationId, event, channel }, outcome, lastError) => {
      metrics().notifications.inc({ event, channel, outcome: called[outcome] });
      if (outcome === 'dead')
        log().error({ notification_id: notificationId, event, lastError }, 'a message was given up');
    },
  });
  return { sent: report.done, later: report.later, failed: report.dead, suppressed: report.skipped };
}
