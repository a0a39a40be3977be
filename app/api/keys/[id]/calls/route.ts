/** GET: how often an API key called and was refused, by UTC day, and its latest calls with who made them. */
import { keyCallsInput } from '@/lib/domains/keys/input';
import { readKeyCalls } from '@/lib/domains/keys/read-calls';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read the calls of an API key by day',
  input: keyCallsInput,
  name: 'api_key.read_calls',
  method: 'GET',
  permission: 'keys:read',
  query: async ({ ctx, params, raw }) => ({ status: 200, body: await readKeyCalls(ctx, params.id ?? '', raw) }),
});
