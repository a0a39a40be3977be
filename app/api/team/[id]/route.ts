/** GET: one member as they are now. PATCH: changes their role. DELETE: removes them; they are out with their next request. */
import { removeMember } from '@/lib/domains/team/departures';
import { readMember } from '@/lib/domains/team/queries';
import { changeRole } from '@/lib/domains/team/roles';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read a member',
  name: 'team.read',
  method: 'GET',
  permission: 'team:read',
  query: async ({ ctx, params }) => {
    const { isSelf, isLastOwner, workingKeys, ...member } = await readMember(ctx, params.id ?? '');
    return { status: 200, body: { ...member, is_last_owner: isLastOwner, working_keys: workingKeys } };
  },
});

export const PATCH = defineRoute({
  summary: 'Change a member’s role',
  method: 'PATCH',
  command: changeRole,
  ids: { member_id: 'id' },
});

export const DELETE = defineRoute({
  summary: 'Remove a member',
  method: 'DELETE',
  command: removeMember,
  ids: { member_id: 'id' },
});
