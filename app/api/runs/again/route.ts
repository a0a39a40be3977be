/** POST: has up to 50 ended runs run again, each as a new run that waits for a worker. */
import { runAgain } from '@/lib/domains/runs/start/commands';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Run again',
  method: 'POST',
  command: runAgain,
});
