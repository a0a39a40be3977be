/** Tools that agents called: how often, how fast, how often they failed. Source: docs/spec/requirements.md, A-14 and A-15. */
import { z } from 'zod';
import {
  agentsWrite,
  bindReach,
  bindText,
  bindTimes,
  dayParams,
  type LogDays,
  logDayFields,
  logDays,
  nameField,
} from '@/lib/domains/agent-log/tools/log-days';
import type { Ctx } from '@/lib/kernel/ctx';
import { daysFrom } from '@/lib/platform/clock';
import { csvLine } from '@/lib/platform/csv';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { olderOf, type RowsAge } from '@/lib/warehouse/query/rows-age';

export const toolSorts = ['calls', 'p95', 'failures', 'bytes'] as const;
export type ToolSort = (typeof toolSorts)[number];

export const listToolsInput = z.strictObject({
  ...logDayFields,
  sort: z.enum(toolSorts).default('calls'),
  dir: z.enum(['asc', 'desc']).default('desc'),
});

const toolRow = z.strictObject({
  tool_name: z.string(),
  calls: z.int(),
  ended: z.int(),
  without_start: z.int(),
  failures: z.int(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  bytes_billed: z.int(),
  users: z.int(),
  last_at: z.date(),
  last_failed_at: z.date().nullable(),
  last_error: z.string().nullable(),
});
/** `ended`: calls whose end was reported, of which `failures` failed; `without_start`: those of which the start was not. */
export type ListedTool = z.output<typeof toolRow>;

const toolRows = defineQuery({
  name: 'agent_tool.list',
  permission: 'agent-log:read',
  sql: 'agent-log/list-tools.sql',
  withoutOverlay: agentsWrite,
  params: z.strictObject(dayParams),
  bind: days => ({ ...bindTimes(days), ...bindReach(days) }),
  row: toolRow,
});

const dayRows = defineQuery({
  name: 'agent_tool.list_days',
  permission: 'agent-log:read',
  sql: 'agent-log/list-tool-days.sql',
  withoutOverlay: agentsWrite,
  params: z.strictObject({ ...dayParams, tool: nameField }),
  bind: ({ tool, ...days }) => ({ ...bindTimes(days), ...bindReach(days), tool: bindText(tool) }),
  row: z.strictObject({ day: z.iso.date(), calls: z.int(), failures: z.int(), not_ended: z.int() }),
});
export type ToolDay = Awaited<ReturnType<typeof dayRows>>['rows'][number];

/** Share of the calls that ended which failed; 0 where none ended. */
export const failureShare = ({ failures, ended }: ListedTool): number => (ended === 0 ? 0 : failures / ended);

const amounts: Record<ToolSort, (tool: ListedTool) => number> = {
  calls: tool => tool.calls,
  p95: tool => tool.p95_ms ?? -1,
  failures: failureShare,
  bytes: tool => tool.bytes_billed,
};

export type ToolList = RowsAge & { days: LogDays; tools: ListedTool[] };

/** The tools of the days in the order that is asked for. AppError forbidden, warehouse_unavailable. */
export async function listTools(ctx: Ctx, { sort, dir, ...asked }: z.output<typeof listToolsInput>): Promise<ToolList> {
  const days = logDays(ctx, asked);
  const { rows, state, readAt, pendingSince } = await toolRows(ctx, days);
  const sign = dir === 'asc' ? 1 : -1;
  const tools = rows.toSorted((one, other) => sign * (amounts[sort](one) - amounts[sort](other)));
  return { state, readAt, pendingSince, days, tools };
}

/** Names that filters offer: tools that were called in these days. Throws as listTools. */
export async function listToolNames(ctx: Ctx, asked: Parameters<typeof logDays>[1]): Promise<string[]> {
  const { rows } = await toolRows(ctx, logDays(ctx, asked));
  return rows.map(({ tool_name }) => tool_name);
}

const none = { calls: 0, failures: 0, not_ended: 0 };

/** Calls of each of the days, the oldest first, days without one included. Throws as listTools. */
export async function listToolDays(ctx: Ctx, asked: Parameters<typeof logDays>[1]) {
  const days = logDays(ctx, asked);
  const read = await dayRows(ctx, days);
  const known = new Map(read.rows.map(row => [row.day, row]));
  const count = Math.max(0, Math.round((Date.parse(days.to) - Date.parse(days.from)) / 86_400_000) + 1);
  const byDay: ToolDay[] = daysFrom(days.from, count).map(day => known.get(day) ?? { day, ...none });
  return { ...olderOf(read, read), days, byDay };
}

/** The tools as CSV, a head line first. */
export async function* toolsCsv(tools: readonly ListedTool[]): AsyncGenerator<string> {
  yield csvLine([
    ...['tool_name', 'calls', 'ended', 'without_start', 'failures', 'failure_percent', 'p50_ms', 'p95_ms'],
    ...['bytes_billed', 'users', 'last_call', 'last_failure', 'last_error'],
  ]);
  yield tools
    .map(tool =>
      csvLine([
        ...[tool.tool_name, tool.calls, tool.ended, tool.without_start, tool.failures],
        ...[tool.ended === 0 ? null : Math.round(failureShare(tool) * 10_000) / 100, tool.p50_ms, tool.p95_ms],
        ...[tool.bytes_billed, tool.users, tool.last_at, tool.last_failed_at, tool.last_error],
      ]),
    )
    .join('');
}
