/** GET: the caller's own queries, the last one first. POST: runs one and answers the first page of its result. */
import { listQueries } from '@/lib/domains/desk/history/list-queries';
import { runQuery } from '@/lib/domains/desk/run/run-query';
import { queryBody, runBody } from '@/lib/edge/portal/desk-bodies';
import { operationCommand } from '@/lib/edge/portal/operation-command';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List own queries',
  input: listQueries.input,
  name: listQueries.operationName,
  method: 'GET',
  permission: listQueries.permission,
  query: async ({ ctx, raw }) => {
    const { queries, next } = await listQueries(ctx, raw);
    return { status: 200, body: { data: queries.map(queryBody), next_cursor: next } };
  },
});

const command = operationCommand(runQuery, { door: 'api' });

export const POST = defineRoute({
  summary: 'Run a query',
  method: 'POST',
  command,
  answer: answer => ({ status: 200, body: runBody(answer) }),
});
