/** GET: the tables of a source's dataset by name, paged. */
import { listTables } from '@/lib/domains/events/schema-reads/list-tables';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List tables of a source',
  input: listTables.input,
  name: listTables.operationName,
  method: 'GET',
  permission: listTables.permission,
  query: async ({ ctx, raw, params }) => {
    const { tables, nextCursor, ...about } = await listTables(ctx, raw, params.id ?? '');
    return { status: 200, body: { data: tables, next_cursor: nextCursor, ...about } };
  },
});
