/** POST: replaces an API key; the new plain text is in this answer only, the old key goes on for `grace_seconds`. */
import { newKeyAnswer } from '@/app/api/keys/key-body';
import { rotateKey } from '@/lib/domains/keys/rotation';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Rotate an API key',
  method: 'POST',
  command: rotateKey,
  ids: { api_key_id: 'id' },
  except: ['request_token'],
  answer: ({ key, secret, replaced }) => newKeyAnswer(key, secret, { replaced }),
});
