/** GET: sessions of agents, the last active first, filtered: JSON in pages, or a CSV file of them (`format=csv`). */
import { z } from 'zod';
import { listSessions, listSessionsInput, sessionsCsv } from '@/lib/domains/agent-log/sessions/list-sessions';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = listSessionsInput.extend({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List sessions of agents',
  input,
  name: 'agent_session.list',
  method: 'GET',
  permission: 'agent-log:read',
  query: async ({ ctx, raw }) => {
    const { format, ...asked } = parseInput(input, raw);
    if (format === 'csv') return csvAnswer(`agent-sessions-${utcDay(ctx.clock())}`, sessionsCsv(ctx, asked));
    const { sessions, nextCursor, days, ...age } = await listSessions(ctx, asked);
    return { status: 200, body: { data: sessions, next_cursor: nextCursor, ...days, ...freshnessBody(age) } };
  },
});
