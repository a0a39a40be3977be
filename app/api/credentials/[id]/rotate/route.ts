/** POST: stores a new secret; the one before may be fetched by its version for `overlap_seconds`. */
import { rotateCredential } from '@/lib/domains/credentials/rotation';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Rotate a credential',
  method: 'POST',
  command: rotateCredential,
  ids: { credential_id: 'id' },
});
