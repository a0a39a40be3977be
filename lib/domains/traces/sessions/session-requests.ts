/** The requests of one session in the order of time. */
import { z } from 'zod';
import { positionInput } from '@/lib/domains/traces/sessions/list-sessions';
import { machinesWrite } from '@/lib/domains/traces/usage/usage';
import { bindDays } from '@/lib/domains/traces/usage/usage-filter';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { addDays, utcDay } from '@/lib/platform/clock';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';
import { sessionDetailsRow, sessionsRow } from '@/lib/warehouse/rows/metadata';

/** UTC days before `day` in which requests of the session are looked for: each is a partition that BigQuery reads. */
export const sessionDays = 31;
const pageRows = 200;

export const sessionInput = z.strictObject({
  /** Session id, or the hash of a request without one. */
  id: z.string().min(1).max(300),
  /** UTC day of its last request; today where none is named. */
  day: utcDayInput.optional(),
  after: z.string().max(500).optional(),
});

/** A request may stand in `sessions` before its details are written. */
const details = sessionDetailsRow.omit({
  trace_hash: true,
  event_date: true,
  price_id: true,
  received_at: true,
  loaded_at: true,
}).shape;
const requestRow = sessionsRow.omit({ id: true, event_date: true, total_tokens: true }).extend({
  ...details,
  source: details.source.nullable(),
  cache_read_tokens: details.cache_read_tokens.nullable(),
  cache_write_tokens: details.cache_write_tokens.nullable(),
  cache_write_1h_tokens: details.cache_write_1h_tokens.nullable(),
  reasoning_tokens: details.reasoning_tokens.nullable(),
  from_cache: details.from_cache.nullable(),
  is_stream: details.is_stream.nullable(),
  timestamp_assumed: details.timestamp_assumed.nullable(),
  at_ms: z.int(),
  failed: z.boolean(),
});
export type SessionRequest = z.output<typeof requestRow>;

const requestRows = defineQuery({
  name: 'ai_session.list_requests',
  permission: 'traces:read',
  sql: 'traces/list-requests.sql',
  withoutOverlay: machinesWrite,
  params: sessionInput.extend({ from: utcDayInput, to: utcDayInput }),
  pageSize: () => pageRows,
  bind: params => {
    const [ms, hash] = params.after === undefined ? [-1, ''] : decodeCursor(positionInput, params.after);
    return {
      ...bindDays(params),
      session_key: { type: 'STRING', value: params.id },
      after_ms: { type: 'INT64', value: ms },
      after_hash: { type: 'STRING', value: hash },
    };
  },
  row: requestRow,
});

export type SessionRequests = RowsAge & { requests: SessionRequest[]; nextCursor: string | null };

/**
 * Requests of the session in the sessionDays days up to `day`, 200 a page; none where the customer has no such session.
 * AppError forbidden, invalid_cursor, warehouse_unavailable.
 */
export async function listSessionRequests(ctx: Ctx, asked: z.output<typeof sessionInput>): Promise<SessionRequests> {
  const to = asked.day ?? utcDay(ctx.clock());
  const { rows, more, state, readAt, pendingSince } = await requestRows(ctx, {
    ...asked,
    from: addDays(to, 1 - sessionDays),
    to,
  });
  const last = rows.at(-1);
  const nextCursor = more && last ? encodeCursor([last.at_ms, last.trace_hash]) : null;
  return { state, readAt, pendingSince, requests: rows, nextCursor };
}
