/** GET: one table of a source with its columns and their types. */
import { readTable } from '@/lib/domains/events/schema-reads/read-table';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read a table of a source',
  input: readTable.input,
  ids: { table: 'table' },
  name: readTable.operationName,
  method: 'GET',
  permission: readTable.permission,
  query: async ({ ctx, params }) => ({
    status: 200,
    body: await readTable(ctx, { table: params.table ?? '' }, params.id ?? ''),
  }),
});
