/** What callers may send about notifications; forms and JSON alike. */
import { z } from 'zod';
import { type RoleEventName, roleEventNames } from '@/lib/domains/notifications/events';
import { named } from '@/lib/platform/input-messages';

const eventChoice = z.enum(roleEventNames as [RoleEventName, ...RoleEventName[]], {
  error: issue => `${named(issue.input)} is no message that can be chosen.`,
});

/** The whole choice: the events named under a channel are on, all others off. */
export const setPreferencesInput = z.strictObject({
  mail: z.array(eventChoice).max(roleEventNames.length, 'A message is named more than once.'),
});

export const retryNotificationInput = z.strictObject({
  notification_id: z.string().regex(/^[\w-]{1,64}$/, 'This is not the id of a message.'),
});
