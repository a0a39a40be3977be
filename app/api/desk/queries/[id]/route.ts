/** GET: one of the caller's own queries, and what became of it. */
import { readQuery } from '@/lib/domains/desk/run/read-result';
import { queryBody } from '@/lib/edge/portal/desk-bodies';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read a query',
  input: readQuery.input,
  name: readQuery.operationName,
  method: 'GET',
  permission: readQuery.permission,
  query: async ({ ctx, params, raw }) => ({ status: 200, body: queryBody(await readQuery(ctx, raw, params.id ?? '')) }),
});
