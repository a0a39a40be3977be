/** The caller's own choice of messages: GET shows it, PUT sets it whole. For browsers; keys get no messages. */
import { readPreferences } from '@/lib/domains/notifications/preferences';
import { setPreferences } from '@/lib/domains/team/mail-preferences';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read one’s notifications',
  name: 'notification.read_preferences',
  method: 'GET',
  permission: 'profile:write',
  query: async ({ ctx }) => ({ status: 200, body: { data: await readPreferences(ctx) } }),
});

export const PUT = defineRoute({
  summary: 'Choose one’s notifications',
  method: 'PUT',
  command: setPreferences,
  answer: result => ({ status: 200, body: { data: result } }),
});
