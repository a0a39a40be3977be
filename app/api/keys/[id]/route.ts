/** GET: one API key as it is now. PATCH: renames it. DELETE: revokes it; the row stays as evidence. */
import { renameKey, revokeKey } from '@/lib/domains/keys/commands';
import { renameKeyInput, revokeKeyInput } from '@/lib/domains/keys/input';
import { readKey } from '@/lib/domains/keys/queries';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  name: 'api_key.read',
  method: 'GET',
  permission: 'keys:read',
  handler: async ({ ctx, params }) => ({ status: 200, body: await readKey(ctx, params.id ?? '') }),
});

export const PATCH = defineRoute({
  name: 'api_key.rename',
  method: 'PATCH',
  permission: 'keys:write',
  body: renameKeyInput.omit({ api_key_id: true }),
  handler: async ({ ctx, params, body }) => {
    const { result } = await renameKey(ctx, { ...body, api_key_id: params.id });
    return { status: 200, body: result };
  },
});

export const DELETE = defineRoute({
  name: 'api_key.revoke',
  method: 'DELETE',
  permission: 'keys:write',
  query: revokeKeyInput.omit({ api_key_id: true }),
  handler: async ({ ctx, params, query }) => {
    const { result } = await revokeKey(ctx, { ...query, api_key_id: params.id });
    return { status: 200, body: result };
  },
});
