/** GET: the organization's API keys, filtered and paged. POST: a new key, its plain text in this answer only. */
import { newKeyAnswer } from '@/app/api/keys/key-body';
import { createKey } from '@/lib/domains/keys/commands';
import { createKeyInput, listKeysInput } from '@/lib/domains/keys/input';
import { listKeys } from '@/lib/domains/keys/queries';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  name: 'api_key.list',
  method: 'GET',
  permission: 'keys:read',
  query: listKeysInput,
  handler: async ({ ctx, query }) => {
    const { keys, total, nextCursor, ...age } = await listKeys(ctx, query);
    const body = { data: keys, next_cursor: nextCursor, total, ...freshnessBody(age) };
    return { status: 200, body };
  },
});

export const POST = defineRoute({
  name: 'api_key.create',
  method: 'POST',
  permission: 'keys:write',
  body: createKeyInput.omit({ request_token: true }),
  handler: async ({ ctx, body }) => {
    const { result } = await createKey(ctx, { ...body, expires_at: body.expires_at?.toISOString() ?? null });
    return newKeyAnswer(result.key, result.secret);
  },
});
