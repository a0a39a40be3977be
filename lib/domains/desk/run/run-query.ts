/** Runs a query of the desk: checked, reserved, sent as a job that is known beforehand, settled when it has ended. Source: docs/desk.md. */
import { runQueryInput } from '@/lib/domains/desk/input';
import type { Door, QueryStatus, ResultColumn } from '@/lib/domains/desk/rules';
import { carryOut, endedWithout } from '@/lib/domains/desk/run/carry-out';
import { ofQuery } from '@/lib/domains/desk/run/errors';
import type { JsonRow } from '@/lib/domains/desk/run/json-values';
import { pageOfResult, type ResultPart } from '@/lib/domains/desk/run/read-result';
import { reserveQuery } from '@/lib/domains/desk/run/reserve-query';
import type { DeskQuery } from '@/lib/domains/desk/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { AppError } from '@/lib/platform/errors';

export type RunAnswer = {
  queryId: string;
  status: QueryStatus;
  /** As it ran. */
  sql: string;
  tables: string[];
  columns: ResultColumn[];
  /** The first page. */
  rows: JsonRow[];
  /** Rows that can be read. */
  rowCount: number | null;
  /** Rows of the whole result. */
  totalRows: number | null;
  bytesBilled: number | null;
  estimatedBytes: number;
  capBytes: number;
  errorMessage: string | null;
};

/** Where the caller came in, and which session of the agent log a key's query belongs to. */
export type RunRequest = { door: Door; session?: string | undefined };

const firstRows = 100;

/** The query has run and billed, whether or not its result can be read now. */
async function firstPage(ctx: CustomerCtx, query: DeskQuery): Promise<ResultPart> {
  try {
    return await pageOfResult(ctx, query, { offset: 0, limit: firstRows });
  } catch (error) {
    throw error instanceof AppError ? ofQuery(error, query.queryId) : error;
  }
}

/**
 * Runs a query and answers the first page of its result; the same request_token again answers the same query. Throws AppError
 * query_refused, query_over_cap, bytes_budget_spent, query_failed, rate_limited, subscription_inactive, customer_suspended,
 * idempotency_mismatch, desk_closed, and of the first page result_expired, warehouse_unavailable.
 */
export const runQuery = defineOperation({
  name: 'desk.run_query',
  permission: 'desk:query',
  input: runQueryInput,
  run: async (ctx, input, { door, session }: RunRequest): Promise<RunAnswer> => {
    const { result } = await reserveQuery(ctx, { ...input, asked_via: door });
    const isOpen = result.query.status === 'RUNNING';
    const query = isOpen ? await carryOut(ctx, result.query, { session }) : result.query;
    if (query.status !== 'COMPLETED') throw endedWithout(query);
    const page = await firstPage(ctx, query);
    return {
      queryId: query.queryId,
      status: query.status,
      sql: query.executedSql,
      tables: query.tables,
      columns: page.columns,
      rows: page.rows,
      rowCount: query.rowCount,
      totalRows: query.totalRows,
      bytesBilled: query.bytesBilled,
      estimatedBytes: query.estimatedBytes,
      capBytes: query.capBytes,
      errorMessage: null,
    };
  },
});
