/** POST: replaces an API key; the new plain text is in this answer only, the old key goes on for `grace_seconds`. */
import { newKeyAnswer } from '@/app/api/keys/key-body';
import { rotateKeyInput } from '@/lib/domains/keys/input';
import { rotateKey } from '@/lib/domains/keys/rotation';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  name: 'api_key.rotate',
  method: 'POST',
  permission: 'keys:write',
  body: rotateKeyInput.omit({ api_key_id: true, request_token: true }),
  handler: async ({ ctx, params, body }) => {
    const { result } = await rotateKey(ctx, { ...body, api_key_id: params.id });
    return newKeyAnswer(result.key, result.secret, { replaced: result.replaced });
  },
});
