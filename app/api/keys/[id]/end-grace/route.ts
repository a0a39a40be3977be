/** POST: ends a rotated API key's grace period now. */
import { endGrace } from '@/lib/domains/keys/rotation';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'End the grace of a rotated key',
  method: 'POST',
  command: endGrace,
  ids: { api_key_id: 'id' },
});
