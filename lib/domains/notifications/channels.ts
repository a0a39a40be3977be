/** The ways a message travels: one entry a channel. An in-app list is one more entry. */

import type { Channel } from '@/lib/domains/notifications/channel';
import { contentOf } from '@/lib/domains/notifications/contents/contents';
import { type ChannelName, isPersonEvent } from '@/lib/domains/notifications/events';
import { slackChannel } from '@/lib/domains/notifications/slack';
import { env } from '@/lib/platform/env';
import type { MailService } from '@/lib/platform/mail';

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

export const channels: Record<ChannelName, Channel> = { mail: mailChannel(), slack: slackChannel() };
