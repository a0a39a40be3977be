/** GET: values of a source that no column took, those that happened last first, paged. */
import { listDiscards } from '@/lib/domains/events/discards/list-discards';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List discarded values',
  input: listDiscards.input,
  name: listDiscards.operationName,
  method: 'GET',
  permission: listDiscards.permission,
  query: async ({ ctx, raw, params }) => {
    const { discards, nextCursor } = await listDiscards(ctx, raw, params.id ?? '');
    return { status: 200, body: { data: discards, next_cursor: nextCursor } };
  },
});
