/** GET: one member as they are now. PATCH: changes their role. DELETE: removes them; they are out with their next request. */
import { removeMember } from '@/lib/domains/team/departures';
import { changeRoleInput, removeMemberInput } from '@/lib/domains/team/input';
import { readMember } from '@/lib/domains/team/queries';
import { changeRole } from '@/lib/domains/team/roles';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  name: 'team.read',
  method: 'GET',
  permission: 'team:read',
  handler: async ({ ctx, params }) => {
    const { isSelf, isLastOwner, workingKeys, ...member } = await readMember(ctx, params.id ?? '');
    return { status: 200, body: { ...member, is_last_owner: isLastOwner, working_keys: workingKeys } };
  },
});

export const PATCH = defineRoute({
  name: 'team.change_role',
  method: 'PATCH',
  permission: 'team:write',
  body: changeRoleInput.omit({ member_id: true }),
  handler: async ({ ctx, params, body }) => {
    const { result } = await changeRole(ctx, { ...body, member_id: params.id });
    return { status: 200, body: result };
  },
});

export const DELETE = defineRoute({
  name: 'team.remove',
  method: 'DELETE',
  permission: 'team:write',
  query: removeMemberInput.omit({ member_id: true }),
  handler: async ({ ctx, params, query }) => {
    const { result } = await removeMember(ctx, { ...query, member_id: params.id });
    return { status: 200, body: result };
  },
});
