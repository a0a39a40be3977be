/** GET: the keys that may query, each with its cap. PUT: gives one of them a cap, or takes it away. */
import { listKeyCaps, setKeyCap } from '@/lib/domains/desk/caps/key-caps';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List caps of API keys',
  input: listKeyCaps.input,
  name: listKeyCaps.operationName,
  method: 'GET',
  permission: listKeyCaps.permission,
  query: async ({ ctx, raw }) => ({ status: 200, body: { data: await listKeyCaps(ctx, raw) } }),
});

export const PUT = defineRoute({
  summary: 'Set the cap of an API key',
  method: 'PUT',
  command: setKeyCap,
});
