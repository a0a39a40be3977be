/** Calls of tools that started and of which no end was reported. */
import { z } from 'zod';
import {
  agentsWrite,
  bindReach,
  bindTimes,
  dayParams,
  type LogDays,
  logDays,
} from '@/lib/domains/agent-log/tools/log-days';
import type { Ctx } from '@/lib/kernel/ctx';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

/** How long a call without an end is taken to run; later its end was never reported. */
export const runsForMs = 86_400_000;
const mostRows = 50;

const runningRows = defineQuery({
  name: 'agent_tool.list_running',
  permission: 'agent-log:read',
  sql: 'agent-log/list-running-tools.sql',
  withoutOverlay: agentsWrite,
  params: z.strictObject(dayParams),
  pageSize: () => mostRows,
  bind: days => ({ ...bindTimes(days), read_to: bindReach(days).read_to }),
  row: z.strictObject({
    session_id: z.string(),
    execution_id: z.string().nullable(),
    user_id: z.string(),
    tool_name: z.string(),
    start_time: z.date(),
  }),
});
export type UnendedCall = Awaited<ReturnType<typeof runningRows>>['rows'][number] & {
  /** It may still run; false where it started so long ago that its end was not reported. */
  running: boolean;
};

/** Whether a call that started then and has no end may still run. */
export const mayRun = (startedAt: Date, now: Date): boolean => now.getTime() - startedAt.getTime() < runsForMs;

export type UnendedCalls = RowsAge & { days: LogDays; calls: UnendedCall[]; more: boolean };

/** The newest 50 calls of the days that have no end. AppError forbidden, warehouse_unavailable. */
export async function listRunningTools(
  ctx: Ctx,
  asked: { days?: number | undefined; from?: string | undefined; to?: string | undefined },
): Promise<UnendedCalls> {
  const days = logDays(ctx, asked);
  const { rows, more, state, readAt, pendingSince } = await runningRows(ctx, days);
  const now = ctx.clock();
  return {
    ...{ state, readAt, pendingSince, days, more },
    calls: rows.map(row => ({ ...row, running: mayRun(row.start_time, now) })),
  };
}
