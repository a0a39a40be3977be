/** The sessions with AI that belong to one pull request, each with the evidence for it, in the order of time. */
import { z } from 'zod';
import { identityTexts } from '@/lib/domains/pull-requests/people/known-identities';
import type { Evidence } from '@/lib/domains/pull-requests/rules';
import { requestDaysOf, syncWrites } from '@/lib/domains/pull-requests/usage/pull-filter';
import { requirePull } from '@/lib/domains/pull-requests/usage/read-pull-request';
import { positionInput } from '@/lib/domains/traces/sessions/list-sessions';
import { bindDays } from '@/lib/domains/traces/usage/usage-filter';
import { authorise } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { utcDay } from '@/lib/platform/clock';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

const permission = 'pull-requests:read';
const pageRows = 200;

export const pullSessionsInput = z.strictObject({ after: z.string().max(500).optional() });

const sessionRow = z.strictObject({
  session_key: z.string(),
  session_id: z.string().nullable(),
  first_hash: z.string(),
  first_at: z.date(),
  last_at: z.date(),
  first_ms: z.int(),
  requests: z.int(),
  total_tokens: z.int(),
  cost_usd: z.number(),
  book_cost_usd: z.number(),
  unpriced: z.int(),
  developer_id: z.string().nullable(),
  developers: z.int(),
  model: z.string().nullable(),
  models: z.int(),
  by_branch: z.boolean(),
  by_time: z.boolean(),
});
/** Figures are of the requests that belong to the pull request; a session may have others. */
export type PullSession = Omit<z.output<typeof sessionRow>, 'by_branch' | 'by_time' | 'first_ms'> & {
  evidence: Evidence[];
};

/** A page of them; whoever asks names a pull request of the caller. */
export const pullSessionRows = defineQuery({
  name: 'pull_request.list_sessions',
  permission,
  sql: 'pull-requests/list-sessions.sql',
  withoutOverlay: syncWrites,
  params: z.strictObject({
    ...pullSessionsInput.shape,
    pullRequestId: z.int(),
    from: utcDayInput,
    to: utcDayInput,
    identities: z.array(z.string()),
  }),
  pageSize: () => pageRows,
  bind: ({ after, pullRequestId, identities, ...days }) => {
    const [ms, hash] = after === undefined ? [-1, ''] : decodeCursor(positionInput, after);
    return {
      pull_request_id: { type: 'INT64', value: pullRequestId },
      ...bindDays(days),
      identities: { type: 'ARRAY<STRING>', value: identities },
      after_ms: { type: 'INT64', value: ms },
      after_hash: { type: 'STRING', value: hash },
    };
  },
  row: sessionRow,
});

export type PullSessions = RowsAge & { sessions: PullSession[]; nextCursor: string | null };

/** Sessions of one pull request of the caller, 200 a page. AppError forbidden, not_found, invalid_cursor, warehouse_unavailable. */
export async function listPullSessions(
  ctx: CustomerCtx,
  id: string,
  asked: z.output<typeof pullSessionsInput>,
): Promise<PullSessions> {
  await authorise(ctx, permission, 'pull_request.list_sessions');
  const pull = await requirePull(ctx.customerId, id);
  const { rows, more, state, readAt, pendingSince } = await pullSessionRows(ctx, {
    ...asked,
    pullRequestId: pull.id,
    ...requestDaysOf(pull, utcDay(ctx.clock())),
    identities: await identityTexts(ctx.customerId),
  });
  const last = rows.at(-1);
  const sessions = rows.map(({ by_branch, by_time, first_ms: _ms, ...session }) => ({
    ...session,
    evidence: [...(by_branch ? (['branch'] as const) : []), ...(by_time ? (['time'] as const) : [])],
  }));
  const nextCursor = more && last ? encodeCursor([last.first_ms, last.first_hash]) : null;
  return { state, readAt, pendingSince, sessions, nextCursor };
}
