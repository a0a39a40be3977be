/** The events of one session in the order of time. */
import { z } from 'zod';
import { eventTypes, retentionDays, toolStatuses } from '@/lib/domains/agent-log/rules';
import { agentsWrite, bindTimes, dayParams, type LogDays } from '@/lib/domains/agent-log/tools/log-days';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { addDays, utcDay } from '@/lib/platform/clock';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

/** UTC days up to `day` in which events of a session are looked for: each is a partition that BigQuery reads. */
const sessionDays = 31;
/** Content makes a page large, so that there are fewer of them. */
const pageRows = { withContent: 50, withoutContent: 200 } as const;

export const sessionInput = z.strictObject({
  id: z.string().min(1).max(256),
  /** UTC day of its last event; without it all days are looked through for which events are kept. */
  day: utcDayInput.optional(),
  /** `1` asks for what was said as well. */
  content: z.enum(['1']).optional(),
  after: z.string().max(500).optional(),
});
export type SessionInput = z.output<typeof sessionInput>;

/** Position in a session: microseconds of the time, then the id. */
const positionInput = z.tuple([z.int(), z.uuid()]);

const eventRow = z.strictObject({
  event_id: z.string(),
  event_timestamp: z.date(),
  at_us: z.int(),
  session_id: z.string(),
  user_id: z.string(),
  event_type: z.enum(eventTypes),
  execution_id: z.string().nullable(),
  tool_name: z.string().nullable(),
  status: z.enum(toolStatuses).nullable(),
  error_message: z.string().nullable(),
  bytes_billed: z.int().nullable(),
  started_at: z.date().nullable(),
  ended_at: z.date().nullable(),
  has_content: z.boolean(),
  content: z.string().nullable(),
  metadata: z.string().nullable(),
  client_info: z.string().nullable(),
});
/** `content`, `metadata` and `client_info` are JSON texts. Of a call of a tool both events carry its status, start and end. */
export type SessionEvent = z.output<typeof eventRow>;

const eventRows = defineQuery({
  name: 'agent_session.list_events',
  permission: 'agent-log:read',
  sql: 'agent-log/list-session-events.sql',
  withoutOverlay: agentsWrite,
  params: sessionInput.omit({ day: true }).extend(dayParams),
  pageSize: ({ content }) => (content ? pageRows.withContent : pageRows.withoutContent),
  bind: ({ from, to, after, id, content }) => {
    const [us, eventId] = after === undefined ? [-1, ''] : decodeCursor(positionInput, after);
    return {
      ...bindTimes({ from, to }),
      session: { type: 'STRING', value: id },
      with_content: { type: 'BOOL', value: content === '1' },
      after_us: { type: 'INT64', value: us },
      after_id: { type: 'STRING', value: eventId },
    };
  },
  row: eventRow,
});

/** The days in which the session is looked for; the day after is of events whose sender's clock is ahead. */
export function daysOfSession({ clock }: Pick<Ctx, 'clock'>, day: string | undefined): LogDays {
  const to = addDays(day ?? utcDay(clock()), 1);
  return { from: addDays(to, day ? -sessionDays : -retentionDays), to };
}

export type SessionEvents = RowsAge & { events: SessionEvent[]; nextCursor: string | null };

/** A page of the session's events; none where the customer has no such session. AppError forbidden, invalid_cursor, warehouse_unavailable. */
export async function listSessionEvents(ctx: Ctx, { day, ...asked }: SessionInput): Promise<SessionEvents> {
  const read = await eventRows(ctx, { ...asked, ...daysOfSession(ctx, day) });
  const { rows, more, state, readAt, pendingSince } = read;
  const last = rows.at(-1);
  const nextCursor = more && last ? encodeCursor([last.at_us, last.event_id]) : null;
  return { state, readAt, pendingSince, events: rows, nextCursor };
}
