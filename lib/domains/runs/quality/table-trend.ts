/** One checked table over 30 days: its expectations day by day, and which of them failed when. */
import { z } from 'zod';
import {
  expectationKey,
  type FailedExpectation,
  failedExpectations,
} from '@/lib/domains/runs/explain/failed-expectations';
import { qualityDays } from '@/lib/domains/runs/quality/checked-tables';
import type { Ctx } from '@/lib/kernel/ctx';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { olderOf, type RowsAge } from '@/lib/warehouse/query/rows-age';
import { dqResultsRow } from '@/lib/warehouse/rows/metadata';

const withoutOverlay = 'Workers report these results; no person changes them.';
const oneTable = {
  params: z.strictObject({ table: z.string().min(1).max(1_000) }),
  bind: ({ table }: { table: string }) => ({ target_table: { type: 'STRING' as const, value: table } }),
};

/** Counts of each day on which the table was checked, the oldest first. */
export const countTableDays = defineQuery({
  name: 'run.count_table_days',
  permission: 'runs:read',
  sql: 'runs/count-table-days.sql',
  withoutOverlay,
  ...oneTable,
  row: z.strictObject({
    days_ago: z.int(),
    checks: z.int(),
    checks_failed: z.int(),
    expectations_passed: z.int(),
    expectations_failed: z.int(),
  }),
});

/** Results with failed expectations, the newest first; 1,000 at most. */
export const listTableFailures = defineQuery({
  name: 'run.list_table_failures',
  permission: 'runs:read',
  sql: 'runs/list-table-failures.sql',
  withoutOverlay,
  ...oneTable,
  row: dqResultsRow
    .pick({ pipeline_logging_id: true, executed_at: true, failed_expectations: true })
    .extend({ days_ago: z.int() }),
});
type FailureRow = Awaited<ReturnType<typeof listTableFailures>>['rows'][number];

export type TableDay = { checks: number; checksFailed: number; passed: number; failed: number };
export type ExpectationTrend = Pick<FailedExpectation, 'expectation' | 'column'> & {
  /** Results in which it failed, and what the newest of them says. */
  failures: number;
  last: Pick<FailedExpectation, 'failedRows' | 'rows'> & { runId: string; executedAt: Date };
  /** Oldest first, today last: failed that day, held that day, or null where the table was not checked. */
  days: ('FAIL' | 'PASS' | null)[];
};
export type TableTrend = RowsAge & {
  /** Oldest first, today last; null for a day without a check, which is not the same as 0. */
  days: (TableDay | null)[];
  /** The one that failed last first. */
  expectations: ExpectationTrend[];
};

/** Trends of the expectations that failed at least once, from results newest first. Pure. */
export function expectationTrends(rows: readonly FailureRow[], days: readonly (TableDay | null)[]): ExpectationTrend[] {
  const found = new Map<string, { trend: ExpectationTrend; failedOn: Set<number> }>();
  for (const row of rows) {
    const ofRow = new Map(failedExpectations(row.failed_expectations).map(failed => [expectationKey(failed), failed]));
    for (const [key, { expectation, column, failedRows, rows: total }] of ofRow) {
      const last = { failedRows, rows: total, runId: row.pipeline_logging_id, executedAt: row.executed_at };
      const known = found.get(key) ?? {
        trend: { expectation, column, failures: 0, last, days: [] },
        failedOn: new Set(),
      };
      known.trend.failures++;
      known.failedOn.add(row.days_ago);
      found.set(key, known);
    }
  }
  return [...found.values()].map(({ trend, failedOn }) => ({
    ...trend,
    days: days.map((day, index) => {
      if (failedOn.has(qualityDays - 1 - index)) return 'FAIL';
      return day === null ? null : 'PASS';
    }),
  }));
}

/** The last 30 UTC days of one table; all days null where the customer has no check of it. AppError forbidden, warehouse_unavailable. */
export async function readTableTrend(ctx: Ctx, table: string): Promise<TableTrend> {
  const [counted, failed] = await Promise.all([countTableDays(ctx, { table }), listTableFailures(ctx, { table })]);
  const byDay = new Map(counted.rows.map(row => [row.days_ago, row]));
  const days = Array.from({ length: qualityDays }, (_, index) => {
    const row = byDay.get(qualityDays - 1 - index);
    if (!row) return null;
    const { checks, checks_failed: checksFailed, expectations_passed: passed, expectations_failed: missed } = row;
    return { checks, checksFailed, passed, failed: missed };
  });
  return { ...olderOf(counted, failed), days, expectations: expectationTrends(failed.rows, days) };
}
