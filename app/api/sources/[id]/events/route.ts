/** GET: what became of the last calls of a source, the newest first, filtered and paged. */
import { listTail } from '@/lib/domains/events/receipts/list-tail';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List the latest events',
  input: listTail.input,
  ids: { source_id: 'id' },
  name: listTail.operationName,
  method: 'GET',
  permission: listTail.permission,
  query: async ({ ctx, raw, params }) => {
    const { events, nextCursor } = await listTail(ctx, { ...raw, source_id: params.id });
    return { status: 200, body: { data: events, next_cursor: nextCursor } };
  },
});
