/** Data-quality results one by one, newest first, by filter: what the counts of pages and the day's failures consist of. */
import { z } from 'zod';
import {
  expectationKey,
  type FailedExpectation,
  failedExpectations,
} from '@/lib/domains/runs/explain/failed-expectations';
import { checkStatuses } from '@/lib/domains/runs/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import { instantInput, utcDayInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { addDays, utcDay } from '@/lib/platform/clock';
import { type CsvColumns, csvPageRows, pagedCsv } from '@/lib/platform/csv';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';
import { dqResultsRow } from '@/lib/warehouse/rows/metadata';

/** UTC days that the list covers where the address names none. */
export const checkDays = 30;

const filter = {
  status: z.enum(checkStatuses).optional(),
  table: z.string().min(1).max(1_000).optional(),
  /** First and last UTC day, both included; the last 30 days by default. */
  from: utcDayInput.optional(),
  to: utcDayInput.optional(),
};
export const listChecksInput = z.strictObject({
  ...filter,
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(csvPageRows).default(50),
});
export type ListChecksInput = z.output<typeof listChecksInput>;

const position = z.tuple([instantInput, z.uuid()]);
const checkRow = dqResultsRow
  .omit({ tenant_id: true, ingestion_date: true })
  .extend({ overall_status: z.enum(checkStatuses) });

const checkRows = defineQuery({
  name: 'run.list_checks_of_days',
  permission: 'runs:read',
  sql: 'runs/list-checks.sql',
  withoutOverlay: 'Workers report these results; no person changes them.',
  params: listChecksInput.extend({ from: utcDayInput, to: utcDayInput }),
  pageSize: ({ limit }) => limit,
  bind: ({ status, table, from, to, after }) => {
    const [time, id] = after === undefined ? [null, null] : decodeCursor(position, after);
    return {
      status: { type: 'STRING', value: status ?? '' },
      target_table: { type: 'STRING', value: table ?? '' },
      from_day: { type: 'DATE', value: from },
      to_day: { type: 'DATE', value: to },
      after_time: { type: 'TIMESTAMP', value: time },
      after_id: { type: 'STRING', value: id },
    };
  },
  row: checkRow,
});

export type Check = Omit<z.output<typeof checkRow>, 'failed_expectations'> & { failures: FailedExpectation[] };
export type CheckPage = RowsAge & { checks: Check[]; nextCursor: string | null };

/** Each expectation once, however often a result names it. */
const distinct = (failures: FailedExpectation[]): FailedExpectation[] => [
  ...new Map(failures.map(failed => [expectationKey(failed), failed])).values(),
];

/** One page of the customer's results, newest first. AppError forbidden, invalid_cursor, warehouse_unavailable. */
export async function listChecks(ctx: Ctx, asked: ListChecksInput): Promise<CheckPage> {
  const today = utcDay(ctx.clock());
  const to = asked.to ?? today;
  const from = asked.from ?? addDays(asked.to ?? today, 1 - checkDays);
  const { rows, more, state, readAt, pendingSince } = await checkRows(ctx, { ...asked, from, to });
  const last = rows.at(-1);
  return {
    state,
    readAt,
    pendingSince,
    checks: rows.map(({ failed_expectations, ...row }) => ({
      ...row,
      failures: row.expectations_failed > 0 ? distinct(failedExpectations(failed_expectations)) : [],
    })),
    nextCursor: more && last ? encodeCursor([last.executed_at.toISOString(), last.dq_result_id]) : null,
  };
}

const csvColumns: CsvColumns<Check> = {
  executed_at: check => check.executed_at,
  status: check => check.overall_status,
  target_table: check => check.target_table,
  dq_config_id: check => check.dq_config_id,
  expectations_passed: check => check.expectations_passed,
  expectations_failed: check => check.expectations_failed,
  failed_expectations: check => (check.failures.length > 0 ? JSON.stringify(check.failures) : ''),
  pipeline_logging_id: check => check.pipeline_logging_id,
  dq_result_id: check => check.dq_result_id,
};

/** All results that the filter matches as CSV, at most 100,000, a head line first. Throws as listChecks. */
export const checksCsv = (ctx: Ctx, asked: ListChecksInput): AsyncGenerator<string> =>
  pagedCsv(csvColumns, async page => {
    const { checks, nextCursor } = await listChecks(ctx, { ...asked, ...page });
    return { rows: checks, nextCursor };
  });
