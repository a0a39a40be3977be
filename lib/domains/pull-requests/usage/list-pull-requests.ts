/** Pull requests with what AI cost on each, the dearest or the last changed first; and what they cost together. */
import { z } from 'zod';
import { pullRequestStates } from '@/lib/domains/pull-requests/rules';
import {
  bindScope,
  pullFilter,
  readScope,
  scopeFields,
  syncWrites,
} from '@/lib/domains/pull-requests/usage/pull-filter';
import { type UsageDays, usageDays } from '@/lib/domains/traces/usage/usage-filter';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { type CsvColumns, csvPageRows, pagedCsv } from '@/lib/platform/csv';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

export const pullSorts = ['cost', 'updated'] as const;
const sort = z.enum(pullSorts).default('cost');

export const listPullRequestsInput = z.strictObject({
  ...pullFilter,
  sort,
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(csvPageRows).default(50),
});
export type ListPullRequestsInput = z.output<typeof listPullRequestsInput>;
export const countCostInput = z.strictObject(pullFilter);

/** Micro-dollars or milliseconds, and GitHub's id. */
const positionInput = z.tuple([z.int().min(0), z.int().min(0)]);

const pullRow = z.strictObject({
  id: z.int(),
  number: z.int(),
  title: z.string().nullable(),
  author: z.string().nullable(),
  state: z.enum(pullRequestStates),
  created_at: z.date(),
  merged_at: z.date().nullable(),
  closed_at: z.date().nullable(),
  updated_at: z.date(),
  repo_slug: z.string(),
  branch: z.string().nullable(),
  is_draft: z.boolean(),
  commit_count: z.int(),
  co_authors: z.array(z.string()),
  sessions: z.int(),
  requests: z.int(),
  total_tokens: z.int(),
  cost_usd: z.number(),
  book_cost_usd: z.number(),
  unpriced: z.int(),
  sessions_by_branch: z.int(),
  sessions_by_time: z.int(),
  place: z.int(),
});
/** Costs in US dollars: `book_cost_usd` of the requests that have a price, `cost_usd` by the document's table. */
export type ListedPull = Omit<z.output<typeof pullRow>, 'place'>;

const pullRows = defineQuery({
  name: 'pull_request.list',
  permission: 'pull-requests:read',
  sql: 'pull-requests/list-pull-requests.sql',
  withoutOverlay: syncWrites,
  params: z.strictObject({ ...scopeFields, sort, after: listPullRequestsInput.shape.after, limit: z.int() }),
  pageSize: ({ limit }) => limit,
  bind: ({ sort: by, after, limit: _limit, ...scope }) => {
    const [place, id] =
      after === undefined ? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : decodeCursor(positionInput, after);
    return {
      ...bindScope(scope),
      sort: { type: 'STRING', value: by },
      after_place: { type: 'INT64', value: place },
      after_id: { type: 'INT64', value: id },
    };
  },
  row: pullRow,
});

const costRow = defineQuery({
  name: 'pull_request.count_cost',
  permission: 'pull-requests:read',
  sql: 'pull-requests/count-cost.sql',
  withoutOverlay: syncWrites,
  params: z.strictObject(scopeFields),
  bind: bindScope,
  row: z.strictObject({
    pulls: z.int(),
    merged: z.int(),
    pulls_with_ai: z.int(),
    merged_with_ai: z.int(),
    requests: z.int(),
    sessions: z.int(),
    shared_requests: z.int(),
    merged_requests: z.int(),
    merged_cost_usd: z.number(),
    merged_book_cost_usd: z.number(),
    merged_unpriced: z.int(),
  }),
});

export type PullPage = RowsAge & { days: UsageDays; pulls: ListedPull[]; nextCursor: string | null };

/** One page of the customer's pull requests. AppError forbidden, invalid_cursor, warehouse_unavailable. */
export async function listPullRequests(
  ctx: CustomerCtx,
  { days: length, ...asked }: ListPullRequestsInput,
): Promise<PullPage> {
  const days = usageDays(ctx, { ...asked, days: length });
  const scope = await readScope(ctx.customerId, days);
  const { rows, more, state, readAt, pendingSince } = await pullRows(ctx, { ...asked, ...scope });
  const last = rows.at(-1);
  return {
    state,
    readAt,
    pendingSince,
    days,
    pulls: rows.map(({ place: _place, ...pull }) => pull),
    nextCursor: more && last ? encodeCursor([last.place, last.id]) : null,
  };
}

const nothing = {
  pulls: 0,
  merged: 0,
  pulls_with_ai: 0,
  merged_with_ai: 0,
  requests: 0,
  sessions: 0,
  shared_requests: 0,
  merged_requests: 0,
  merged_cost_usd: 0,
  merged_book_cost_usd: 0,
  merged_unpriced: 0,
};
/** Costs are of merged pull requests; a request of several of them counts once. */
export type PullCost = typeof nothing;

/** What AI cost on the pull requests that match. AppError forbidden, warehouse_unavailable. */
export async function countCost(
  ctx: CustomerCtx,
  { days: length, ...asked }: z.output<typeof countCostInput>,
): Promise<RowsAge & { days: UsageDays; cost: PullCost }> {
  const days = usageDays(ctx, { ...asked, days: length });
  const scope = await readScope(ctx.customerId, days);
  const { rows, state, readAt, pendingSince } = await costRow(ctx, { ...asked, ...scope });
  return { state, readAt, pendingSince, days, cost: rows[0] ?? nothing };
}

const csvColumns: CsvColumns<ListedPull> = {
  repo_slug: pull => pull.repo_slug,
  number: pull => pull.number,
  title: pull => pull.title,
  author: pull => pull.author,
  state: pull => pull.state,
  created_at: pull => pull.created_at,
  merged_at: pull => pull.merged_at,
  closed_at: pull => pull.closed_at,
  updated_at: pull => pull.updated_at,
  branch: pull => pull.branch,
  commits: pull => pull.commit_count,
  co_authors: pull => pull.co_authors.join('; '),
  sessions: pull => pull.sessions,
  sessions_by_branch: pull => pull.sessions_by_branch,
  sessions_by_time: pull => pull.sessions_by_time,
  requests: pull => pull.requests,
  total_tokens: pull => pull.total_tokens,
  book_cost_usd: pull => pull.book_cost_usd,
  requests_without_price: pull => pull.unpriced,
  document_cost_usd: pull => pull.cost_usd,
};

/** All pull requests that the filter matches as CSV, at most 100,000, a head line first. Throws as listPullRequests. */
export const pullRequestsCsv = (ctx: CustomerCtx, asked: ListPullRequestsInput): AsyncGenerator<string> =>
  pagedCsv(csvColumns, async page => {
    const { pulls, nextCursor } = await listPullRequests(ctx, { ...asked, ...page });
    return { rows: pulls, nextCursor };
  });
