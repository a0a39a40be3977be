/** What a channel is: a message comes in as it is stored, and what became of it goes out. */
import type { EventName } from '@/lib/domains/notifications/events';
import type { MailAnswer } from '@/lib/platform/mail';

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
