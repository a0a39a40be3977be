/** GET: what queries may bill, and what of the day is used. PUT: sets it, for what is asked from then on. */
import { readDeskSettings, setDeskSettings } from '@/lib/domains/desk/caps/set-caps';
import { capsBody } from '@/lib/edge/portal/desk-bodies';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read what queries may bill',
  input: readDeskSettings.input,
  name: readDeskSettings.operationName,
  method: 'GET',
  permission: readDeskSettings.permission,
  query: async ({ ctx, raw }) => ({ status: 200, body: capsBody(await readDeskSettings(ctx, raw)) }),
});

export const PUT = defineRoute({
  summary: 'Set what queries may bill',
  method: 'PUT',
  command: setDeskSettings,
});
