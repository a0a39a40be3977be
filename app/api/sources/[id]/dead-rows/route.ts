/** GET: rows of a source that BigQuery refused even alone, with its words, the newest first, paged. */
import { listDeadRows } from '@/lib/domains/events/discards/list-dead-rows';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List rows that BigQuery refused',
  input: listDeadRows.input,
  name: listDeadRows.operationName,
  method: 'GET',
  permission: listDeadRows.permission,
  query: async ({ ctx, raw, params }) => {
    const { rows, nextCursor } = await listDeadRows(ctx, raw, params.id ?? '');
    return { status: 200, body: { data: rows, next_cursor: nextCursor } };
  },
});
