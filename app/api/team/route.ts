/** GET: the organization's members, invitations and seats. POST: invites one or many addresses, with a result for each. */
import { inviteMembers } from '@/lib/domains/team/invitations/invitations';
import { listTeam } from '@/lib/domains/team/queries';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List the team',
  name: 'team.list',
  method: 'GET',
  permission: 'team:read',
  query: async ({ ctx }) => {
    const { members, invitations, expired, seats, ...age } = await listTeam(ctx);
    const body = { members, invitations, expired_invitations: expired, seats, ...freshnessBody(age) };
    return { status: 200, body };
  },
});

export const POST = defineRoute({
  summary: 'Invite members',
  method: 'POST',
  command: inviteMembers,
  answer: result => ({ status: result.results.some(item => item.status === 'sent') ? 201 : 200, body: result }),
});
