/** DELETE: ends the write key now. */
import { revokeWriteKey } from '@/lib/domains/events/sources/write-keys';
import { defineRoute } from '@/lib/edge/portal/route';

export const DELETE = defineRoute({
  summary: 'Revoke a write key',
  method: 'DELETE',
  command: revokeWriteKey,
  ids: { source_id: 'id', write_key: 'key' },
});
