/** POST: sends an invitation again, with a new link and 7 more days; the old link ends. */
import { resendInvitation } from '@/lib/domains/team/invitations/invitations';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  name: 'team.resend_invitation',
  method: 'POST',
  permission: 'team:write',
  handler: async ({ ctx, params }) => {
    const { result } = await resendInvitation(ctx, { member_id: params.id });
    return { status: 200, body: result };
  },
});
