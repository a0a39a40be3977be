/** Sessions with AI models, the last active first; a request without a session stands alone. */
import { z } from 'zod';
import { machinesWrite } from '@/lib/domains/traces/usage/usage';
import {
  bindDays,
  bindNames,
  type UsageDays,
  usageDayFields,
  usageDays,
  usageNameFields,
} from '@/lib/domains/traces/usage/usage-filter';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { type CsvColumns, csvPageRows, pagedCsv } from '@/lib/platform/csv';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

/** Later than any request. */
const endOfTimeMs = Date.parse('9999-12-31T00:00:00Z');

export const listSessionsInput = z.strictObject({
  /** Beginning of a session id, or a whole trace id or hash. */
  q: z.string().trim().min(1).max(300).optional(),
  ...usageDayFields,
  ...usageNameFields,
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(csvPageRows).default(50),
});
export type ListSessionsInput = z.output<typeof listSessionsInput>;

export const traceHashInput = z.string().regex(/^[0-9a-f]{40}$/, 'This is no hash of a trace.');
export const positionInput = z.tuple([z.int().min(0).max(endOfTimeMs), traceHashInput]);

const sessionRow = z.strictObject({
  session_key: z.string(),
  session_id: z.string().nullable(),
  first_hash: z.string(),
  first_at: z.date(),
  last_at: z.date(),
  last_ms: z.int(),
  requests: z.int(),
  failed: z.int(),
  accepted: z.int(),
  total_tokens: z.int(),
  cost_usd: z.number(),
  book_cost_usd: z.number(),
  unpriced: z.int(),
  developer_id: z.string().nullable(),
  developers: z.int(),
  repo_slug: z.string().nullable(),
  repositories: z.int(),
  model: z.string().nullable(),
  models: z.int(),
});
/** Figures are of the requests that match the filter; where a name has several values, one of them and how many there are. */
export type ListedSession = z.output<typeof sessionRow>;

const sessionRows = defineQuery({
  name: 'ai_session.list',
  permission: 'traces:read',
  sql: 'traces/list-sessions.sql',
  withoutOverlay: machinesWrite,
  params: listSessionsInput.omit({ days: true }).extend({ from: utcDayInput, to: utcDayInput }),
  pageSize: ({ limit }) => limit,
  bind: params => {
    const [ms, hash] = params.after === undefined ? [endOfTimeMs, ''] : decodeCursor(positionInput, params.after);
    return {
      ...bindDays(params),
      ...bindNames(params),
      search: { type: 'STRING', value: params.q ?? '' },
      after_ms: { type: 'INT64', value: ms },
      after_hash: { type: 'STRING', value: hash },
    };
  },
  row: sessionRow,
});

export type SessionPage = RowsAge & { days: UsageDays; sessions: ListedSession[]; nextCursor: string | null };

/** One page of the customer's sessions. AppError forbidden, invalid_cursor, warehouse_unavailable. */
export async function listSessions(ctx: Ctx, { days: length, ...asked }: ListSessionsInput): Promise<SessionPage> {
  const days = usageDays(ctx, { ...asked, days: length });
  const { rows, more, state, readAt, pendingSince } = await sessionRows(ctx, { ...asked, ...days });
  const last = rows.at(-1);
  return {
    state,
    readAt,
    pendingSince,
    days,
    sessions: rows,
    nextCursor: more && last ? encodeCursor([last.last_ms, last.first_hash]) : null,
  };
}

const csvColumns: CsvColumns<ListedSession> = {
  session_id: session => session.session_id,
  first_request: session => session.first_at,
  last_request: session => session.last_at,
  developer_id: session => session.developer_id,
  developers: session => session.developers,
  repo_slug: session => session.repo_slug,
  model: session => session.model,
  models: session => session.models,
  requests: session => session.requests,
  failed: session => session.failed,
  accepted: session => session.accepted,
  total_tokens: session => session.total_tokens,
  book_cost_usd: session => session.book_cost_usd,
  requests_without_price: session => session.unpriced,
  document_cost_usd: session => session.cost_usd,
};

/** All sessions that the filter matches as CSV, at most 100,000, a head line first. Throws as listSessions. */
export const sessionsCsv = (ctx: Ctx, asked: ListSessionsInput): AsyncGenerator<string> =>
  pagedCsv(csvColumns, async page => {
    const { sessions, nextCursor } = await listSessions(ctx, { ...asked, ...page });
    return { rows: sessions, nextCursor };
  });
