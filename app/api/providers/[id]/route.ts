/** GET: one provider config as it is now. PATCH: changes what is sent. DELETE: removes it; its runs stay. */
import { deleteConfig, editConfig } from '@/lib/domains/providers/commands';
import { findConfig } from '@/lib/domains/providers/queries';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read a provider config',
  name: 'provider_config.read',
  method: 'GET',
  permission: 'providers:read',
  query: async ({ ctx, params }) => ({ status: 200, body: await findConfig(ctx, params.id ?? '') }),
});

export const PATCH = defineRoute({
  summary: 'Change a provider config',
  method: 'PATCH',
  command: editConfig,
  ids: { config_id: 'id' },
});

export const DELETE = defineRoute({
  summary: 'Delete a provider config',
  method: 'DELETE',
  command: deleteConfig,
  ids: { config_id: 'id' },
});
