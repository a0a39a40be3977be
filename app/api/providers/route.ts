/** GET: the organization's provider configs, filtered and paged. POST: a new config. */

import { newConfigAnswer } from '@/app/api/providers/config-body';
import { createConfig } from '@/lib/domains/providers/commands';
import { listConfigsInput } from '@/lib/domains/providers/input';
import { listConfigs } from '@/lib/domains/providers/queries';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List provider configs',
  input: listConfigsInput,
  name: 'provider_config.list',
  method: 'GET',
  permission: 'providers:read',
  query: async ({ ctx, raw }) => {
    const { configs, total, nextCursor, ...age } = await listConfigs(ctx, raw);
    return { status: 200, body: { data: configs, next_cursor: nextCursor, total, ...freshnessBody(age) } };
  },
});

export const POST = defineRoute({
  summary: 'Create a provider config',
  method: 'POST',
  command: createConfig,
  except: ['request_token'],
  answer: newConfigAnswer,
});
