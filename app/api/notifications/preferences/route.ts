/** The caller's own choice of messages: GET shows it, PUT sets it whole. For browsers; keys get no messages. */
import { setPreferencesInput } from '@/lib/domains/notifications/input';
import { readPreferences, setPreferences } from '@/lib/domains/notifications/preferences';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  name: 'notification.read_preferences',
  method: 'GET',
  permission: 'profile:write',
  handler: async ({ ctx }) => ({ status: 200, body: { data: await readPreferences(ctx) } }),
});

export const PUT = defineRoute({
  name: 'notification.set_preferences',
  method: 'PUT',
  permission: 'profile:write',
  body: setPreferencesInput,
  handler: async ({ ctx, body }) => ({ status: 200, body: { data: (await setPreferences(ctx, body)).result } }),
});
