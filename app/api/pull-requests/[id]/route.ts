/** GET: one pull request with its commits. */
import { readPullRequest } from '@/lib/domains/pull-requests/usage/read-pull-request';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read a pull request',
  input: readPullRequest.input,
  name: readPullRequest.operationName,
  method: 'GET',
  permission: readPullRequest.permission,
  query: async ({ ctx, raw, params }) => ({ status: 200, body: await readPullRequest(ctx, raw, params.id ?? '') }),
});
