/** GET: one API key as it is now. PATCH: renames it. DELETE: revokes it; the row stays as evidence. */
import { renameKey, revokeKey } from '@/lib/domains/keys/commands';
import { readKey } from '@/lib/domains/keys/queries';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read an API key',
  name: 'api_key.read',
  method: 'GET',
  permission: 'keys:read',
  query: async ({ ctx, params }) => ({ status: 200, body: await readKey(ctx, params.id ?? '') }),
});

export const PATCH = defineRoute({
  summary: 'Rename an API key',
  method: 'PATCH',
  command: renameKey,
  ids: { api_key_id: 'id' },
});

export const DELETE = defineRoute({
  summary: 'Revoke an API key',
  method: 'DELETE',
  command: revokeKey,
  ids: { api_key_id: 'id' },
});
