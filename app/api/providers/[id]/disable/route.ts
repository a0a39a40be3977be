/** POST: switches the config off; its runs that wait are cancelled. */
import { disableConfig } from '@/lib/domains/providers/activation';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Turn a provider config off',
  method: 'POST',
  command: disableConfig,
  ids: { config_id: 'id' },
});
