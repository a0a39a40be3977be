/** POST: gives up to 50 runs up; the answer says of each what became of it. */
import { cancelRuns } from '@/lib/domains/runs/start/commands';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Cancel runs',
  method: 'POST',
  command: cancelRuns,
});
