/** GET: users who were erased from the agent log, or are to be, the newest first. POST: has a user erased, by the id that events name them by. */
import { eraseUser, listErasures } from '@/lib/domains/agent-log/erasure/erase-user';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List erased users',
  input: listErasures.input,
  name: listErasures.operationName,
  method: 'GET',
  permission: listErasures.permission,
  query: async ({ ctx, raw }) => ({ status: 200, body: { data: (await listErasures(ctx, raw)).erasures } }),
});

export const POST = defineRoute({
  summary: 'Erase a user from the agent log',
  method: 'POST',
  command: eraseUser,
  answer: erasure => ({ status: 202, body: erasure }),
});
