/** The command that starts a query: what it may bill is taken from the day, and it is on record before BigQuery hears of it. */
import { z } from 'zod';
import { type QueryInput, runQueryInput } from '@/lib/domains/desk/input';
import { doors, type ResultColumn } from '@/lib/domains/desk/rules';
import { askerOf } from '@/lib/domains/desk/run/asker';
import { queryOfToken, takeBytes } from '@/lib/domains/desk/run/budget';
import { budgetSpent, notRun, overCap } from '@/lib/domains/desk/run/errors';
import { type Estimate, estimateOf } from '@/lib/domains/desk/run/estimate-query';
import { givenLimit } from '@/lib/domains/desk/run/given-limit';
import type { DeskQuery } from '@/lib/domains/desk/tables';
import { storedCounter } from '@/lib/domains/quotas/counters';
import type { Quota } from '@/lib/domains/quotas/read-quota';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';

const reserveInput = runQueryInput.extend({ asked_via: z.enum(doors) });
type ReserveInput = z.output<typeof reserveInput>;

/** `columns` are null where the request had made the query before. */
export type Reserved = { query: DeskQuery; columns: ResultColumn[] | null };

/** A token is its asker's own: of two members who send the same each has a query. */
const tokenOf = (ctx: CustomerCtx, token: string | undefined): string | null =>
  token === undefined ? null : `${askerOf(ctx.actor)} ${token}`;

/** Whether a query is what this request asks: its text and LIMIT, under a cap that is not above the one named now. */
function isAsked(query: DeskQuery, { sql, limit, max_bytes_billed: cap }: QueryInput): boolean {
  if (query.sql !== sql || (cap !== undefined && query.capBytes > cap)) return false;
  const given = givenLimit(sql, query.executedSql);
  return given === null || given === limit;
}

/** The query of an earlier request of the same token. AppError idempotency_mismatch where that is not what is asked now. */
function sameQuery(query: DeskQuery, asked: QueryInput): Reserved {
  if (isAsked(query, asked)) return { query, columns: null };
  throw new AppError('idempotency_mismatch', 'This request_token has run another query. Use a new one.', {
    details: { query_id: query.queryId },
  });
}

async function earlier(ctx: CustomerCtx, { request_token }: ReserveInput): Promise<DeskQuery | undefined> {
  const token = tokenOf(ctx, request_token);
  return token === null ? undefined : db().transaction(tx => queryOfToken(tx, ctx.customerId, token));
}

/** Queries cost the operator as runs do, and are refused when those are. AppError subscription_inactive, customer_suspended. */
async function requirePlan(customerId: string): Promise<void> {
  const counter = await storedCounter(db(), customerId);
  if (!counter) throw new AppError('not_found', 'There is no such customer.');
  if (counter.refusalReason !== null) throw notRun(counter.refusalReason as NonNullable<Quota['refusalReason']>);
}

function requireFit(estimate: Estimate, now: Date): Estimate {
  const { fits, estimatedBytes, capBytes, dayBytes, dayLimitBytes } = estimate;
  switch (fits) {
    case 'yes':
      return estimate;
    case 'over_cap':
      throw overCap(estimatedBytes, capBytes);
    case 'over_day':
      throw budgetSpent({ estimatedBytes, dayBytes, dayLimitBytes }, now);
    default:
      return fits satisfies never;
  }
}

function newQuery(ctx: CustomerCtx, input: ReserveInput, { sql, tables, estimatedBytes, capBytes }: Estimate) {
  const queryId = newId('qry');
  return {
    queryId,
    customerId: ctx.customerId,
    askedBy: askerOf(ctx.actor),
    askedVia: input.asked_via,
    sql: input.sql,
    executedSql: sql,
    tables: tables.map(({ name }) => name),
    status: 'RUNNING' as const,
    jobId: `desk_${queryId}`,
    estimatedBytes,
    capBytes,
    startedAt: ctx.clock(),
    requestToken: tokenOf(ctx, input.request_token),
  };
}

/** What the audit log says of it: never the text, which may hold what a query looks for. */
const audited = ({ askedVia, tables, estimatedBytes, capBytes }: DeskQuery) => ({
  asked_via: askedVia,
  tables,
  estimated_bytes: estimatedBytes,
  cap_bytes: capBytes,
});

/**
 * Checks and estimates a text, takes its bytes from the day and writes it as running; the same request_token again answers the
 * query that it made, also once the plan has ended. AppError query_refused, query_over_cap, bytes_budget_spent, rate_limited,
 * subscription_inactive, customer_suspended, idempotency_mismatch, desk_closed, warehouse_unavailable.
 */
export const reserveQuery = defineCommand({
  name: 'desk.run_query',
  permission: 'desk:query',
  input: reserveInput,
  prepare: async ({ ctx, input }) => {
    const caller = requireCustomer(ctx);
    const query = await earlier(caller, input);
    if (query) return { query };
    await requirePlan(caller.customerId);
    return { estimate: requireFit(await estimateOf(caller, input), ctx.clock()) };
  },
  run: async ({ ctx, tx, input, prepared }): Promise<Change<Reserved>> => {
    const caller = requireCustomer(ctx);
    if (prepared.query) return { result: sameQuery(prepared.query, input), unchanged: true };
    const asked = newQuery(caller, input, prepared.estimate);
    const query = await takeBytes(tx, asked);
    if (query) {
      const target = { type: 'query', id: query.queryId };
      const result = { query, columns: prepared.estimate.columns };
      return { result, target, before: null, after: audited(query), mirror: [] };
    }
    const made = await queryOfToken(tx, caller.customerId, asked.requestToken ?? '');
    if (!made) throw new Error('a query was neither stored nor there');
    return { result: sameQuery(made, input), unchanged: true };
  },
});
