/** DELETE: cancels an invitation; its link ends and its seat is free. */
import { cancelInvitation } from '@/lib/domains/team/invitations/invitations';
import { defineRoute } from '@/lib/edge/portal/route';

export const DELETE = defineRoute({
  summary: 'Cancel an invitation',
  method: 'DELETE',
  command: cancelInvitation,
  ids: { member_id: 'id' },
});
