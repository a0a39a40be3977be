/** POST: puts requests to AI models that BigQuery refused back in line to be loaded. */
import { replayTraceDeadRows } from '@/lib/domains/traces/imports/dead-rows/replay-dead-rows';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Replay requests that BigQuery refused',
  method: 'POST',
  command: replayTraceDeadRows,
});
