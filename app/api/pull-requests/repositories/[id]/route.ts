/** GET: one repository. PATCH: gives it another credential. DELETE: disconnects it; what was read stays. */
import { disconnectRepository, editRepository } from '@/lib/domains/pull-requests/repositories/commands';
import { findRepository } from '@/lib/domains/pull-requests/repositories/reads';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read a repository',
  name: 'repository.read',
  method: 'GET',
  permission: 'pull-requests:read',
  query: async ({ ctx, params }) => ({ status: 200, body: await findRepository(ctx, params.id ?? '') }),
});

export const PATCH = defineRoute({
  summary: 'Change the credential of a repository',
  method: 'PATCH',
  command: editRepository,
  ids: { repository_id: 'id' },
});

export const DELETE = defineRoute({
  summary: 'Disconnect a repository',
  method: 'DELETE',
  command: disconnectRepository,
  ids: { repository_id: 'id' },
});
