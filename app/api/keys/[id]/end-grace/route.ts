/** POST: ends a rotated API key's grace period now. */
import { endGrace } from '@/lib/domains/keys/rotation';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  name: 'api_key.end_grace',
  method: 'POST',
  permission: 'keys:write',
  handler: async ({ ctx, params }) => {
    const { result } = await endGrace(ctx, { api_key_id: params.id });
    return { status: 200, body: result };
  },
});
