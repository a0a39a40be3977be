/** POST: says that a developer is not the account that is suggested or was confirmed. */
import { rejectIdentity } from '@/lib/domains/pull-requests/people/identities';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Reject a suggested account',
  method: 'POST',
  command: rejectIdentity,
});
