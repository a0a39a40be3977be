/** GET: the requests of one session (`id`) in the order of time, as JSON in pages. */
import { listSessionRequests, sessionInput } from '@/lib/domains/traces/sessions/session-requests';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';

export const GET = defineRoute({
  summary: 'Read the requests of a session',
  input: sessionInput,
  name: 'ai_session.list_requests',
  method: 'GET',
  permission: 'traces:read',
  query: async ({ ctx, raw }) => {
    const { requests, nextCursor, ...age } = await listSessionRequests(ctx, parseInput(sessionInput, raw));
    return { status: 200, body: { data: requests, next_cursor: nextCursor, ...freshnessBody(age) } };
  },
});
