/** Errors that agents and their tools reported, those of one tool and like messages as one. */
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
import { csvLine } from '@/lib/platform/csv';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

export const listErrorsInput = z.strictObject({ ...logDayFields, tool: nameField });

const errorRow = z.strictObject({
  tool_name: z.string(),
  kind: z.string(),
  message: z.string(),
  errors: z.int(),
  users: z.int(),
  sessions: z.int(),
  first_at: z.date(),
  last_at: z.date(),
  last_session: z.string(),
});
/** `kind`: the message without its numbers, ids and quoted names; `message`: the newest whole one; '' where none was sent. */
export type ErrorKind = z.output<typeof errorRow>;

const errorRows = defineQuery({
  name: 'agent_error.list',
  permission: 'agent-log:read',
  sql: 'agent-log/list-errors.sql',
  withoutOverlay: agentsWrite,
  params: z.strictObject({ ...dayParams, tool: nameField }),
  bind: ({ tool, ...days }) => ({ ...bindTimes(days), read_to: bindReach(days).read_to, tool: bindText(tool) }),
  row: errorRow,
});

export type ErrorList = RowsAge & { days: LogDays; errors: ErrorKind[] };

/** The 500 most frequent kinds of errors of the days. AppError forbidden, warehouse_unavailable. */
export async function listErrors(ctx: Ctx, { tool, ...asked }: z.output<typeof listErrorsInput>): Promise<ErrorList> {
  const days = logDays(ctx, asked);
  const { rows, state, readAt, pendingSince } = await errorRows(ctx, { tool, ...days });
  return { state, readAt, pendingSince, days, errors: rows };
}

/** The kinds of errors as CSV, a head line first. */
export async function* errorsCsv(errors: readonly ErrorKind[]): AsyncGenerator<string> {
  yield csvLine(['tool_name', 'message', 'errors', 'users', 'sessions', 'first', 'last', 'last_session']);
  yield errors
    .map(one =>
      csvLine([
        ...[one.tool_name, one.message, one.errors, one.users, one.sessions],
        ...[one.first_at, one.last_at, one.last_session],
      ]),
    )
    .join('');
}
