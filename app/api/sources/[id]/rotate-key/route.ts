/** POST: a new write key; the current one goes on for `overlap_seconds`. */
import { rotateWriteKey } from '@/lib/domains/events/sources/write-keys';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Rotate the write key',
  method: 'POST',
  command: rotateWriteKey,
  ids: { source_id: 'id' },
});
