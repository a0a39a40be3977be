/** POST: sends an invitation again, with a new link and 7 more days; the old link ends. */
import { resendInvitation } from '@/lib/domains/team/invitations/invitations';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Send an invitation again',
  method: 'POST',
  command: resendInvitation,
  ids: { member_id: 'id' },
});
