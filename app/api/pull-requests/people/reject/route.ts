/** POST: says that a developer is not the account that is suggested or was confirmed. */
import { rejectIdentity } from '@/lib/domains/pull-requests/people/identities';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({ method: 'POST', command: rejectIdentity });
