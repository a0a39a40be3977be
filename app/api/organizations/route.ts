/** The organization's settings. It is opened and deleted on pages only, where the person's sign-in can be asked for. */
import { updateOrganizationInput } from '@/lib/domains/customers/input';
import { readOrganization, updateOrganization } from '@/lib/domains/organizations/settings';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  name: 'organization.read',
  method: 'GET',
  permission: 'organization:read',
  handler: async ({ ctx }) => ({ status: 200, body: { organization: await readOrganization(ctx) } }),
});

export const PATCH = defineRoute({
  name: 'organization.update',
  method: 'PATCH',
  permission: 'organization:write',
  body: updateOrganizationInput,
  handler: async ({ ctx, body }) => {
    const { result } = await updateOrganization(ctx, body);
    return { status: 200, body: { organization: result } };
  },
});
