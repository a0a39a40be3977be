/** POST: ends the overlap of a rotated credential now. */
import { endOverlap } from '@/lib/domains/credentials/rotation';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'End the overlap of a rotation',
  method: 'POST',
  command: endOverlap,
  ids: { credential_id: 'id' },
});
