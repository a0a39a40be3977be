/** GET: one credential as it is now and what uses it. PATCH: changes it. DELETE: wipes its secret; the row stays as evidence. */
import { deleteCredential, editCredential } from '@/lib/domains/credentials/commands';
import { findCredential } from '@/lib/domains/credentials/queries';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read a credential',
  name: 'credential.read',
  method: 'GET',
  permission: 'providers:read',
  query: async ({ ctx, params }) => ({ status: 200, body: await findCredential(ctx, params.id ?? '') }),
});

export const PATCH = defineRoute({
  summary: 'Change a credential',
  method: 'PATCH',
  command: editCredential,
  ids: { credential_id: 'id' },
});

export const DELETE = defineRoute({
  summary: 'Delete a credential',
  method: 'DELETE',
  command: deleteCredential,
  ids: { credential_id: 'id' },
});
