/** GET: the tables that queries may name, with their columns. */
import { listTables } from '@/lib/domains/desk/catalog/list-tables';
import { tableBody } from '@/lib/edge/portal/desk-bodies';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List tables that can be queried',
  input: listTables.input,
  name: listTables.operationName,
  method: 'GET',
  permission: listTables.permission,
  query: async ({ ctx, raw }) => ({ status: 200, body: { data: (await listTables(ctx, raw)).map(tableBody) } }),
});
