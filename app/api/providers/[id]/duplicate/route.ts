/** POST: a copy of the config under another name; it is off. */
import { newConfigAnswer } from '@/app/api/providers/config-body';
import { duplicateConfig } from '@/lib/domains/providers/commands';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Duplicate a provider config',
  method: 'POST',
  command: duplicateConfig,
  ids: { config_id: 'id' },
  except: ['request_token'],
  answer: newConfigAnswer,
});
