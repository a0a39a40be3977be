/** GET: the organization's API keys, filtered and paged. POST: a new key, its plain text in this answer only. */

import { newKeyAnswer } from '@/app/api/keys/key-body';
import { createKey } from '@/lib/domains/keys/commands';
import { listKeysInput } from '@/lib/domains/keys/input';
import { listKeys } from '@/lib/domains/keys/queries';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List API keys',
  input: listKeysInput,
  name: 'api_key.list',
  method: 'GET',
  permission: 'keys:read',
  query: async ({ ctx, raw }) => {
    const { keys, total, nextCursor, ...age } = await listKeys(ctx, raw);
    const body = { data: keys, next_cursor: nextCursor, total, ...freshnessBody(age) };
    return { status: 200, body };
  },
});

export const POST = defineRoute({
  summary: 'Create an API key',
  method: 'POST',
  command: createKey,
  except: ['request_token'],
  answer: ({ key, secret }) => newKeyAnswer(key, secret),
});
