/** GET: what the agent log masks before it keeps it. PUT: says it anew, for what is sent from then on. */
import { readSettings, setMasking } from '@/lib/domains/agent-log/settings/set-masking';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read what is masked',
  input: readSettings.input,
  name: readSettings.operationName,
  method: 'GET',
  permission: readSettings.permission,
  query: async ({ ctx, raw }) => ({ status: 200, body: await readSettings(ctx, raw) }),
});

export const PUT = defineRoute({
  summary: 'Set what is masked',
  method: 'PUT',
  command: setMasking,
});
