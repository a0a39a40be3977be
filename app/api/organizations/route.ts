/** The organization's settings. It is opened and deleted on pages only, where the person's sign-in can be asked for. */
import { readOrganization, updateOrganization } from '@/lib/domains/organizations/settings';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read the organization',
  name: 'organization.read',
  method: 'GET',
  permission: 'organization:read',
  query: async ({ ctx }) => ({ status: 200, body: { organization: await readOrganization(ctx) } }),
});

export const PATCH = defineRoute({
  summary: 'Change the organization',
  method: 'PATCH',
  command: updateOrganization,
  answer: result => ({ status: 200, body: { organization: result } }),
});
