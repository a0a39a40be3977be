/** The tables that data-quality checks looked at in the last 30 days: how each stands and how bad each day was. */
import { z } from 'zod';
import { checkStatuses } from '@/lib/domains/runs/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import { csvLine } from '@/lib/platform/csv';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';
import { dqResultsRow } from '@/lib/warehouse/rows/metadata';

/** UTC days that the list covers, today included. */
export const qualityDays = 30;
/** Most tables a customer is shown; more are not read. */
export const maxTables = 1_000;

/** Place in the table of statuses: 0 PASS, 1 WARNING, 2 FAIL. */
const severity = z.int().min(0).max(2);
export type CheckStatus = (typeof checkStatuses)[number];
const statusOf = (place: number): CheckStatus => checkStatuses[place] ?? 'FAIL';

/** Rows of every checked table, the worst first. */
export const listCheckedTableRows = defineQuery({
  name: 'run.list_checked_tables',
  permission: 'runs:read',
  sql: 'runs/list-checked-tables.sql',
  withoutOverlay: 'Workers report these results; no person changes them.',
  params: z.strictObject({}),
  row: dqResultsRow
    .pick({ target_table: true, executed_at: true, expectations_passed: true, expectations_failed: true })
    .extend({
      severity,
      run_id: dqResultsRow.shape.pipeline_logging_id,
      suites: z.int(),
      checks: z.int(),
      checks_failed: z.int(),
      checked_days_ago: z.array(z.int()),
      day_severities: z.array(severity),
    }),
});

export type CheckedTable = {
  table: string;
  /** The worst of the last results of its suites; that one's run and time, and the sums over all of them. */
  status: CheckStatus;
  runId: string;
  executedAt: Date;
  suites: number;
  passed: number;
  failed: number;
  /** Results of the 30 days, and those of them that failed. */
  checks: number;
  checksFailed: number;
  /** The worst result of each day, oldest first, today last; null for a day without a check. */
  days: (CheckStatus | null)[];
};

/** All checked tables of the last 30 UTC days, failing ones first. AppError forbidden, warehouse_unavailable. */
export async function readCheckedTables(ctx: Ctx): Promise<RowsAge & { tables: CheckedTable[] }> {
  const { rows, state, readAt, pendingSince } = await listCheckedTableRows(ctx, {});
  const tables = rows.map(row => {
    const byDay = new Map(row.checked_days_ago.map((daysAgo, index) => [daysAgo, row.day_severities[index] ?? 0]));
    const dayOf = (daysAgo: number) => byDay.get(daysAgo);
    return {
      table: row.target_table,
      status: statusOf(row.severity),
      runId: row.run_id,
      executedAt: row.executed_at,
      suites: row.suites,
      passed: row.expectations_passed,
      failed: row.expectations_failed,
      checks: row.checks,
      checksFailed: row.checks_failed,
      days: Array.from({ length: qualityDays }, (_, index) => {
        const place = dayOf(qualityDays - 1 - index);
        return place === undefined ? null : statusOf(place);
      }),
    };
  });
  return { state, readAt, pendingSince, tables };
}

/** What the address of the list may say; `checked=today` keeps tables whose worst last result is of today (UTC). */
export const listTablesInput = z.strictObject({
  q: z.string().max(200).default(''),
  state: z.enum(['failing', 'warning', 'passing']).optional(),
  checked: z.enum(['today']).optional(),
});
export type ListTablesInput = z.output<typeof listTablesInput>;

const statusOfState = { failing: 'FAIL', warning: 'WARNING', passing: 'PASS' } as const;

/** The tables that the filter leaves; `today` is the UTC day. Pure. */
export function matchingTables(
  tables: readonly CheckedTable[],
  { q, state, checked }: ListTablesInput,
  today: string,
): CheckedTable[] {
  const wanted = q.trim().toLowerCase();
  return tables.filter(
    ({ table, status, executedAt }) =>
      table.toLowerCase().includes(wanted) &&
      (state === undefined || status === statusOfState[state]) &&
      (checked === undefined || executedAt.toISOString().slice(0, 10) === today),
  );
}

const csvColumns: Record<string, (table: CheckedTable) => string | number | Date> = {
  target_table: table => table.table,
  status: table => table.status,
  executed_at: table => table.executedAt,
  pipeline_logging_id: table => table.runId,
  suites: table => table.suites,
  expectations_passed: table => table.passed,
  expectations_failed: table => table.failed,
  checks_30_days: table => table.checks,
  checks_failed_30_days: table => table.checksFailed,
};

/** The tables as CSV, a head line first. */
export async function* tablesCsv(tables: readonly CheckedTable[]): AsyncGenerator<string> {
  yield csvLine(Object.keys(csvColumns));
  yield tables.map(table => csvLine(Object.values(csvColumns).map(cell => cell(table)))).join('');
}
