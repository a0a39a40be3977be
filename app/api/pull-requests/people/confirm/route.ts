/** POST: says which account of GitHub a developer is. */
import { confirmIdentity } from '@/lib/domains/pull-requests/people/identities';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Confirm who a developer is',
  method: 'POST',
  command: confirmIdentity,
});
