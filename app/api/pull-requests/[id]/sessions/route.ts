/** GET: sessions with AI that belong to one pull request, each with the evidence for it, in pages. */
import { listPullSessions, pullSessionsInput } from '@/lib/domains/pull-requests/usage/pull-sessions';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';

export const GET = defineRoute({
  summary: 'List AI sessions of a pull request',
  input: pullSessionsInput,
  name: 'pull_request.list_sessions',
  method: 'GET',
  permission: 'pull-requests:read',
  query: async ({ ctx, raw, params }) => {
    const asked = parseInput(pullSessionsInput, raw);
    const { sessions, nextCursor, ...age } = await listPullSessions(ctx, params.id ?? '', asked);
    return { status: 200, body: { data: sessions, next_cursor: nextCursor, ...freshnessBody(age) } };
  },
});
