/** GET: how many days rows of AI usage are kept, null = for ever. PUT: says it anew; fewer days remove older rows in the next night. */
import { readRetention, setRetention } from '@/lib/domains/traces/retention/set-retention';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read how long AI usage is kept',
  input: readRetention.input,
  name: readRetention.operationName,
  method: 'GET',
  permission: readRetention.permission,
  query: async ({ ctx, raw }) => ({ status: 200, body: await readRetention(ctx, raw) }),
});

export const PUT = defineRoute({
  summary: 'Set how long AI usage is kept',
  method: 'PUT',
  command: setRetention,
});
