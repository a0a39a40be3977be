/** POST: switches the config on, where the plan has room. */
import { enableConfig } from '@/lib/domains/providers/activation';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Turn a provider config on',
  method: 'POST',
  command: enableConfig,
  ids: { config_id: 'id' },
});
