/** POST: tests a stored credential; 200 with the steps, whatever they found, and the credential as it is then. */
import { testCredential } from '@/lib/domains/credentials/check/test-credential';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Test a stored credential',
  method: 'POST',
  command: testCredential,
  ids: { credential_id: 'id' },
});
