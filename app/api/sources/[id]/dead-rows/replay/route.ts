/** POST: puts rows that BigQuery refused back in line to be loaded. */
import { replayDeadRows } from '@/lib/domains/events/discards/replay-dead-rows';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Replay rows that BigQuery refused',
  method: 'POST',
  command: replayDeadRows,
  ids: { source_id: 'id' },
});
