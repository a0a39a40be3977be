/** GET: the tools that agents called in a range of days: calls, failures, times, bytes billed; CSV with `format=csv`. */
import { z } from 'zod';
import { listTools, listToolsInput, toolsCsv } from '@/lib/domains/agent-log/tools/tools';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = listToolsInput.extend({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List tools of agents',
  input,
  name: 'agent_tool.list',
  method: 'GET',
  permission: 'agent-log:read',
  query: async ({ ctx, raw }) => {
    const { format, ...asked } = parseInput(input, raw);
    const { tools, days, ...age } = await listTools(ctx, asked);
    if (format === 'csv') return csvAnswer(`agent-tools-${utcDay(ctx.clock())}`, toolsCsv(tools));
    return { status: 200, body: { data: tools, ...days, ...freshnessBody(age) } };
  },
});
