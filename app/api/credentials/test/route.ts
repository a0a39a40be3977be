/** POST: tests a secret that is not stored; 200 with the steps, whatever they found. */
import { testSecret } from '@/lib/domains/credentials/check/test-secret';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Test a secret before it is stored',
  method: 'POST',
  command: testSecret,
});
