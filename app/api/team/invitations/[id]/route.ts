/** DELETE: cancels an invitation; its link ends and its seat is free. */
import { cancelInvitation } from '@/lib/domains/team/invitations/invitations';
import { defineRoute } from '@/lib/edge/portal/route';

export const DELETE = defineRoute({
  name: 'team.cancel_invitation',
  method: 'DELETE',
  permission: 'team:write',
  handler: async ({ ctx, params }) => {
    const { result } = await cancelInvitation(ctx, { member_id: params.id });
    return { status: 200, body: result };
  },
});
