/** GET: the events of one session (`id`) in the order of time, as JSON in pages; with what was said only where `content=1` asks for it. */
import { listSessionEvents, type SessionEvent, sessionInput } from '@/lib/domains/agent-log/sessions/session-events';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';

const json = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

const eventBody = ({ at_us: _at, content, metadata, client_info, ...event }: SessionEvent) => ({
  ...event,
  ...(content === null ? {} : { content: json(content) }),
  metadata: json(metadata),
  client_info: json(client_info),
});

export const GET = defineRoute({
  summary: 'Read the events of a session',
  input: sessionInput,
  name: 'agent_session.list_events',
  method: 'GET',
  permission: 'agent-log:read',
  query: async ({ ctx, raw }) => {
    const { events, nextCursor, ...age } = await listSessionEvents(ctx, parseInput(sessionInput, raw));
    return { status: 200, body: { data: events.map(eventBody), next_cursor: nextCursor, ...freshnessBody(age) } };
  },
});
