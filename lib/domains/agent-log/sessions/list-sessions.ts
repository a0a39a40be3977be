/** Sessions of agents, the last active first. */
import { z } from 'zod';
import { agentSizes } from '@/lib/domains/agent-log/rules';
import {
  agentsWrite,
  bindText,
  bindTimes,
  dayParams,
  endOfTimeMs,
  type LogDays,
  logDayFields,
  logDays,
  nameField,
} from '@/lib/domains/agent-log/tools/log-days';
import type { Ctx } from '@/lib/kernel/ctx';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { storableText } from '@/lib/kernel/storable';
import { type CsvColumns, csvPageRows, pagedCsv } from '@/lib/platform/csv';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

export const listSessionsInput = z.strictObject({
  /** Part of a session id or of a user. */
  q: nameField,
  ...logDayFields,
  user: nameField,
  tool: nameField,
  /** Commit of the snapshot that the agent worked on. */
  snapshot: nameField,
  /** Only sessions in which something failed. */
  errors: z.enum(['1']).optional(),
  after: z.string().max(800).optional(),
  limit: z.coerce.number().int().min(1).max(csvPageRows).default(50),
});
export type ListSessionsInput = z.output<typeof listSessionsInput>;

const positionInput = z.tuple([z.int().min(0).max(endOfTimeMs), storableText(agentSizes.idSigns)]);

const sessionRow = z.strictObject({
  session_id: z.string(),
  first_at: z.date(),
  last_at: z.date(),
  last_ms: z.int(),
  user_id: z.string(),
  users: z.int(),
  events: z.int(),
  messages: z.int(),
  errors: z.int(),
  tool_calls: z.int(),
  failures: z.int(),
  tokens: z.int(),
  cost_usd: z.number().nullable(),
  bytes_billed: z.int(),
  repo_url: z.string().nullable(),
  commit_hash: z.string().nullable(),
});
/** `cost_usd`: what its events estimate together; null where none says a cost. Of several users `user_id` is one. */
export type ListedSession = z.output<typeof sessionRow>;

const sessionRows = defineQuery({
  name: 'agent_session.list',
  permission: 'agent-log:read',
  sql: 'agent-log/list-sessions.sql',
  withoutOverlay: agentsWrite,
  params: listSessionsInput.omit({ days: true }).extend({ ...dayParams, session: nameField }),
  pageSize: ({ limit }) => limit,
  bind: ({ from, to, after, ...asked }) => {
    const [ms, session] = after === undefined ? [endOfTimeMs, ''] : decodeCursor(positionInput, after);
    return {
      ...bindTimes({ from, to }),
      session: bindText(asked.session),
      search: bindText(asked.q),
      user: bindText(asked.user),
      tool: bindText(asked.tool),
      snapshot: bindText(asked.snapshot),
      only_errors: { type: 'BOOL', value: asked.errors === '1' },
      after_ms: { type: 'INT64', value: ms },
      after_session: { type: 'STRING', value: session },
    };
  },
  row: sessionRow,
});

export type SessionPage = RowsAge & { days: LogDays; sessions: ListedSession[]; nextCursor: string | null };

/** One page of the customer's sessions. AppError forbidden, invalid_cursor, warehouse_unavailable. */
export async function listSessions(ctx: Ctx, { days: length, ...asked }: ListSessionsInput): Promise<SessionPage> {
  const days = logDays(ctx, { ...asked, days: length });
  const { rows, more, state, readAt, pendingSince } = await sessionRows(ctx, { ...asked, ...days });
  const last = rows.at(-1);
  const nextCursor = more && last ? encodeCursor([last.last_ms, last.session_id]) : null;
  return { state, readAt, pendingSince, days, sessions: rows, nextCursor };
}

/** The session's figures in these days; undefined where the customer has no such session in them. Throws as listSessions. */
export async function readSession(ctx: Ctx, session: string, days: LogDays): Promise<ListedSession | undefined> {
  const { rows } = await sessionRows(ctx, { session, limit: 1, ...days });
  return rows[0];
}

const csvColumns: CsvColumns<ListedSession> = {
  session_id: session => session.session_id,
  user_id: session => session.user_id,
  users: session => session.users,
  first_event: session => session.first_at,
  last_event: session => session.last_at,
  events: session => session.events,
  messages: session => session.messages,
  tool_calls: session => session.tool_calls,
  failed_tool_calls: session => session.failures,
  errors: session => session.errors,
  tokens: session => session.tokens,
  cost_estimate_usd: session => session.cost_usd,
  bytes_billed: session => session.bytes_billed,
  repo_url: session => session.repo_url,
  commit_hash: session => session.commit_hash,
};

/** All sessions that the filter matches as CSV, at most 100,000, a head line first. Throws as listSessions. */
export const sessionsCsv = (ctx: Ctx, asked: ListSessionsInput): AsyncGenerator<string> =>
  pagedCsv(csvColumns, async page => {
    const { sessions, nextCursor } = await listSessions(ctx, { ...asked, ...page });
    return { rows: sessions, nextCursor };
  });
