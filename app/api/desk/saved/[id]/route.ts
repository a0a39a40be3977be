/** GET: a saved query. PATCH: gives it another name or text. DELETE: deletes it. */
import { changeSavedQuery, deleteSavedQuery, readSavedQuery } from '@/lib/domains/desk/saved/saved-queries';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read a saved query',
  input: readSavedQuery.input,
  name: readSavedQuery.operationName,
  method: 'GET',
  permission: readSavedQuery.permission,
  query: async ({ ctx, params, raw }) => ({ status: 200, body: await readSavedQuery(ctx, raw, params.id ?? '') }),
});

export const PATCH = defineRoute({
  summary: 'Change a saved query',
  method: 'PATCH',
  command: changeSavedQuery,
  ids: { saved_query_id: 'id' },
});

export const DELETE = defineRoute({
  summary: 'Delete a saved query',
  method: 'DELETE',
  command: deleteSavedQuery,
  ids: { saved_query_id: 'id' },
});
