/** POST: queues a run of the config, beside its schedule, for a worker to claim. */
import { runConfig } from '@/lib/domains/providers/schedule/run-config';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Run a provider config now',
  method: 'POST',
  command: runConfig,
  ids: { config_id: 'id' },
});
