/** POST: puts rows that BigQuery refused back in line to be loaded. */
import { replayDeadRows } from '@/lib/domains/events/discards/replay-dead-rows';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({ method: 'POST', command: replayDeadRows, ids: { source_id: 'id' } });
