/** Tools that agents called: those called most, and the slowest. */
import { z } from 'zod';
import { logDayFields } from '@/lib/domains/agent-log/tools/log-days';
import { failureShare, type ListedTool, listTools, type ToolSort } from '@/lib/domains/agent-log/tools/tools';
import { defineTool } from '@/lib/edge/v1/mcp/define-tool';
import { ageBody, ageFields, counted, dayInputs, noteFields, rowLimit } from '@/lib/edge/v1/mcp/tools/shared';

const input = z.strictObject({ ...dayInputs(logDayFields), limit: rowLimit(100, 20) });

const milliseconds = z.number().nullable();
const toolSchema = z.strictObject({
  tool_name: z.string(),
  calls: z.int(),
  failures: z.int().meta({ description: 'Of those whose end was reported.' }),
  failure_percent: z.number().nullable().meta({ description: 'Null where no end was reported.' }),
  p50_ms: milliseconds,
  p95_ms: milliseconds,
  bytes_billed: z.int().meta({ description: 'Bytes that BigQuery billed for its calls.' }),
  users: z.int(),
  last_at: z.iso.datetime(),
  last_error: z.string().nullable(),
});

const output = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date(),
  tools: z.array(toolSchema),
  tools_in_all: z.int(),
  ...ageFields,
  ...noteFields,
});

const bodyOf = (tool: ListedTool): z.output<typeof toolSchema> => ({
  tool_name: tool.tool_name,
  calls: tool.calls,
  failures: tool.failures,
  failure_percent: tool.ended === 0 ? null : Math.round(failureShare(tool) * 10_000) / 100,
  p50_ms: tool.p50_ms,
  p95_ms: tool.p95_ms,
  bytes_billed: tool.bytes_billed,
  users: tool.users,
  last_at: tool.last_at.toISOString(),
  last_error: tool.last_error,
});

const toolList = (sort: ToolSort, of: { name: string; title: string; description: string; first: string }) =>
  defineTool({
    name: of.name,
    title: of.title,
    description: of.description,
    scope: 'agent-log:read',
    operation: 'agent_tool.list',
    input,
    output,
    shrinks: ['tools'],
    run: async ({ ctx }, { limit, ...asked }) => {
      const list = await listTools(ctx, { ...asked, sort, dir: 'desc' });
      const tools = list.tools.slice(0, limit).map(bodyOf);
      const { from, to } = list.days;
      const [first] = tools;
      const says = first
        ? `${counted(list.tools.length, 'tool')} called from ${from} to ${to}; ${of.first}: ${first.tool_name}.`
        : `No tool was called from ${from} to ${to}.`;
      return { data: { from, to, tools, tools_in_all: list.tools.length, ...ageBody(list), note: null }, says };
    },
  });

export const mostUsedTools = toolList('calls', {
  name: 'most_used_tools',
  title: 'Most used tools',
  description:
    'Tools that AI agents of the organization called, the most called first: calls, failures, median and 95th percentile of their time, bytes billed.',
  first: 'called most',
});

export const slowestTools = toolList('p95', {
  name: 'slowest_tools',
  title: 'Slowest tools',
  description:
    'The same tools of AI agents, the slowest first, by the 95th percentile of their time in milliseconds. Ask it for what makes agents wait.',
  first: 'slowest',
});
