/** GET: requests to AI models that BigQuery refused even alone, with its words, the newest first, paged. */
import { listTraceDeadRows } from '@/lib/domains/traces/imports/dead-rows/list-dead-rows';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List requests that BigQuery refused',
  input: listTraceDeadRows.input,
  name: listTraceDeadRows.operationName,
  method: 'GET',
  permission: listTraceDeadRows.permission,
  query: async ({ ctx, raw }) => {
    const { rows, total, nextCursor } = await listTraceDeadRows(ctx, raw);
    return { status: 200, body: { data: rows, total, next_cursor: nextCursor } };
  },
});
