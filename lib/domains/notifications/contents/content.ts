/** What a message is made of before a channel draws it. */
import type { EventData, EventName } from '@/lib/domains/notifications/events';

export type Content = {
  /** One line; also the mail's subject. */
  subject: string;
  heading: string;
  paragraphs: string[];
  /** Name and value, shown as a small table. */
  facts?: [name: string, value: string][];
  /** The one thing to do about it: a path of the portal. */
  action?: { label: string; path: string };
  /** Why this person gets it. */
  because: string;
};

/** What a message is made of; names and texts of others are harmless already. */
export type Told<Name extends EventName> = {
  company: string;
  data: EventData<Name>;
  /** The message's secret, opened; null when there is none. */
  secret: string | null;
};

/** Why a member gets it. */
export const inOrganization = (company: string) => `You get this because you are a member of ${company}.`;
