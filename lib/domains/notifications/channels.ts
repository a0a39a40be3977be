/** The ways a message reaches a person: one entry a channel. Slack and an in-app list are one more entry each. */
import { contentOf } from '@/lib/domains/notifications/contents';
import { type ChannelName, type EventName, isPersonEvent } from '@/lib/domains/notifications/events';
import { env } from '@/lib/platform/env';
import type { MailAnswer, MailService } from '@/lib/platform/mail';

/** A message as a channel gets it: all that decides its bytes is stored with it. */
export type Message = {
  notificationId: string;
  event: EventName;
  recipient: string;
  companyName: string;
  data: unknown;
  /** Opened just before sending; null when there is none. */
  secret: string | null;
};

/** What became of it; the same shape for every channel. */
export type Delivery = MailAnswer;

/**
 * Hands a message to the channel's service. It must pass notificationId on as the idempotency key: after a crash the
 * same message comes again.
 */
export type Channel = (message: Message) => Promise<Delivery>;

/** Mail by Resend; `service` names another one, for tests. */
export function mailChannel(service?: MailService): Channel {
  return async message => {
    // Loaded when the first mail is sent: rendering takes a third of a second to load, and only senders need it.
    const [{ renderMail }, { sendMail }] = await Promise.all([
      import('@/lib/domains/notifications/mails/render'),
      import('@/lib/platform/mail'),
    ]);
    const { PORTAL_URL, SUPPORT_CONTACT } = env();
    const canBeTurnedOff = !isPersonEvent(message.event);
    const mail = await renderMail(
      contentOf(message.event, { company: message.companyName, data: message.data, secret: message.secret }),
      { portalUrl: PORTAL_URL.replace(/\/$/, ''), supportContact: SUPPORT_CONTACT, canBeTurnedOff },
    );
    return sendMail({ ...mail, to: message.recipient, idempotencyKey: message.notificationId }, service);
  };
}

export const channels: Record<ChannelName, Channel> = { mail: mailChannel() };
