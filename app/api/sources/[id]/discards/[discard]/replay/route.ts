/** POST: brings discarded values into their rows, once the column takes them. */
import { replayDiscard } from '@/lib/domains/events/discards/replay-discard';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Replay discarded values',
  method: 'POST',
  command: replayDiscard,
  ids: { source_id: 'id', discard_id: 'discard' },
});
