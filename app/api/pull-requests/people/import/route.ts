/** POST: takes a file of who is who; the answer says what became of each line. */
import { importIdentities } from '@/lib/domains/pull-requests/people/import-identities';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Import who is who',
  method: 'POST',
  command: importIdentities,
});
