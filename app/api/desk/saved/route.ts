/** GET: the organization's saved queries by name. POST: saves one. */
import { listSavedQueries, saveQuery } from '@/lib/domains/desk/saved/saved-queries';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List saved queries',
  input: listSavedQueries.input,
  name: listSavedQueries.operationName,
  method: 'GET',
  permission: listSavedQueries.permission,
  query: async ({ ctx, raw }) => ({ status: 200, body: { data: await listSavedQueries(ctx, raw) } }),
});

export const POST = defineRoute({
  summary: 'Save a query',
  method: 'POST',
  command: saveQuery,
  answer: saved => ({ status: 201, body: saved }),
});
