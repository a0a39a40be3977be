/** GET: how the tables of a source changed, the newest first, paged. */
import { listChanges } from '@/lib/domains/events/schema-reads/list-changes';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List changes of tables',
  input: listChanges.input,
  name: listChanges.operationName,
  method: 'GET',
  permission: listChanges.permission,
  query: async ({ ctx, raw, params }) => {
    const { changes, nextCursor } = await listChanges(ctx, raw, params.id ?? '');
    return { status: 200, body: { data: changes, next_cursor: nextCursor } };
  },
});
