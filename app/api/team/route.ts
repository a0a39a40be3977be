/** GET: the organization's members, invitations and seats. POST: invites one or many addresses, with a result for each. */
import { inviteInput } from '@/lib/domains/team/input';
import { inviteMembers } from '@/lib/domains/team/invitations/invitations';
import { listTeam } from '@/lib/domains/team/queries';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  name: 'team.list',
  method: 'GET',
  permission: 'team:read',
  handler: async ({ ctx }) => {
    const { members, invitations, expired, seats, ...age } = await listTeam(ctx);
    const body = { members, invitations, expired_invitations: expired, seats, ...freshnessBody(age) };
    return { status: 200, body };
  },
});

export const POST = defineRoute({
  name: 'team.invite',
  method: 'POST',
  permission: 'team:write',
  body: inviteInput,
  handler: async ({ ctx, body }) => {
    const { result } = await inviteMembers(ctx, body);
    return { status: result.results.some(item => item.status === 'sent') ? 201 : 200, body: result };
  },
});
