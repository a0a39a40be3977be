/** Steps and checks of one run from BigQuery, failed ones first, a page at a time, in the partitions of the run's window. */
import { z } from 'zod';
import { windowOfDay } from '@/lib/domains/runs/reports/report-window';
import { checkStatuses, stepStatuses } from '@/lib/domains/runs/tables';
import { instantInput, utcDayInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { dqResultsRow, stepLogsRow } from '@/lib/warehouse/rows/metadata';

/** Why changes on their way are not laid over these rows. */
const withoutOverlay =
  'While a run moves, or its rows are on their way, lib/domains/runs/reads/run-page.ts reads Postgres.';

/** Steps and checks that a page shows. */
export const partsAPage = 200;
/** Signs of an error message, and of a JSON value, that a list carries; longer values are left out. */
export const maxShown = { errorSigns: 4_000, jsonSigns: 20_000 } as const;

const whichRun = {
  pipelineLoggingId: z.uuid(),
  /** UTC day of the run's start, so that BigQuery reads the partitions of its window. */
  startDay: utcDayInput,
};
const partsAsked = z.strictObject({
  ...whichRun,
  after: z.string().max(500).optional(),
  limit: z.int().min(1).max(10_000).default(partsAPage),
});
export type PartsAsked = z.output<typeof partsAsked>;

const stringOf = (value: string) => ({ type: 'STRING' as const, value });
const countOf = (value: number) => ({ type: 'INT64' as const, value });
const instantOf = (value: Date) => ({ type: 'TIMESTAMP' as const, value });

function boundOf({ pipelineLoggingId, startDay }: { pipelineLoggingId: string; startDay: string }) {
  const { from, until } = windowOfDay(startDay);
  return {
    pipeline_logging_id: stringOf(pipelineLoggingId),
    window_start: instantOf(from),
    window_end: instantOf(until),
  };
}
const dayStartOf = (startDay: string) => ({ day_start: instantOf(new Date(`${startDay}T00:00:00Z`)) });

const stepPosition = z.tuple([z.int().min(0).max(2), z.int(), instantInput, z.uuid()]);
const checkPosition = z.tuple([z.int().min(0).max(2), instantInput, z.uuid()]);
const epoch = '1970-01-01T00:00:00.000Z';

/** Where a page of steps starts: after rank, index, start and id. Throws AppError invalid_cursor. */
export const stepsAfter = (after: string | undefined) =>
  after === undefined ? null : decodeCursor(stepPosition, after);
/** Where a page of checks starts: after rank, instant and id. Throws AppError invalid_cursor. */
export const checksAfter = (after: string | undefined) =>
  after === undefined ? null : decodeCursor(checkPosition, after);

const stepRow = stepLogsRow.omit({ pipeline_logging_id: true }).extend({
  status: z.enum(stepStatuses),
  metadata_left_out: z.boolean(),
  /** What its metadata tells where an orchestrator reported it: its own run, its immediate parent, and its SQL. */
  job_run_id: z.string().nullable(),
  parent_run_id: z.string().nullable(),
  parent_name: z.string().nullable(),
  statement: z.string().nullable(),
});
export type RunStep = z.output<typeof stepRow>;

const checkRow = dqResultsRow
  .omit({ pipeline_logging_id: true, tenant_id: true, ingestion_date: true })
  .extend({ overall_status: z.enum(checkStatuses) });
export type RunCheck = z.output<typeof checkRow>;

/** Which of two steps comes first, beside their place in the pipeline. */
export const stepRank = (status: RunStep['status']): number => (status === 'FAILED' ? 0 : status === 'RUNNING' ? 1 : 2);
export const checkRank = (status: RunCheck['overall_status']): number =>
  status === 'FAIL' ? 0 : status === 'WARNING' ? 1 : 2;

export const stepCursor = (step: RunStep): string =>
  encodeCursor([stepRank(step.status), step.step_index, step.start_time.toISOString(), step.step_logging_id]);
export const checkCursor = (check: RunCheck): string =>
  encodeCursor([checkRank(check.overall_status), check.executed_at.toISOString(), check.dq_result_id]);

/** Steps of one run: failed, running, then the others as the pipeline has them. AppError invalid_cursor. */
export const listRunSteps = defineQuery({
  name: 'run.list_steps',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/list-run-steps.sql',
  params: partsAsked,
  pageSize: ({ limit }) => limit,
  bind: asked => {
    const [rank, index, time, id] = stepsAfter(asked.after) ?? [0, 0, epoch, ''];
    return {
      ...boundOf(asked),
      ...dayStartOf(asked.startDay),
      is_later_page: { type: 'BOOL', value: asked.after !== undefined },
      after_rank: countOf(rank),
      after_index: countOf(index),
      after_time: instantOf(new Date(time)),
      after_id: stringOf(id),
      error_signs: countOf(maxShown.errorSigns),
      json_signs: countOf(maxShown.jsonSigns),
    };
  },
  row: stepRow,
});

/** Data-quality results of one run, failures first. AppError invalid_cursor. */
export const listRunChecks = defineQuery({
  name: 'run.list_checks',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/list-run-checks.sql',
  params: partsAsked,
  pageSize: ({ limit }) => limit,
  bind: asked => {
    const [rank, time, id] = checksAfter(asked.after) ?? [0, epoch, ''];
    return {
      ...boundOf(asked),
      is_later_page: { type: 'BOOL', value: asked.after !== undefined },
      after_rank: countOf(rank),
      after_time: instantOf(new Date(time)),
      after_id: stringOf(id),
      json_signs: countOf(maxShown.jsonSigns),
    };
  },
  row: checkRow,
});

const pastResult = dqResultsRow
  .pick({ dq_result_id: true, pipeline_logging_id: true, target_table: true, dq_config_id: true, executed_at: true })
  .extend({ overall_status: z.enum(checkStatuses) });
export type PastResult = z.output<typeof pastResult>;

/** Names a check: the same configuration on the same table. */
export const checkKey = ({ target_table, dq_config_id }: Pick<PastResult, 'target_table' | 'dq_config_id'>): string =>
  `${target_table}\n${dq_config_id}`;

/** The last 10 results of each of these checks up to `until`, oldest first; those of the 90 days before it. */
export const listCheckHistories = defineQuery({
  name: 'run.list_check_histories',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/list-check-histories.sql',
  params: z.strictObject({ checks: z.array(z.string()).min(1).max(partsAPage), until: z.date() }),
  bind: ({ checks, until }) => ({
    checks: { type: 'ARRAY<STRING>', value: checks },
    until_time: instantOf(until),
  }),
  row: pastResult,
});

/** Each step of one run with its executions as one. */
export const listStepTotals = defineQuery({
  name: 'run.list_step_totals',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/list-step-totals.sql',
  params: z.strictObject(whichRun),
  bind: asked => ({ ...boundOf(asked), ...dayStartOf(asked.startDay) }),
  row: stepLogsRow
    .pick({ step_index: true, duration_ms: true, rows_processed: true })
    .extend({ name: z.string(), executions: z.int(), status: z.enum(stepStatuses) }),
});

/** The last result of each check of one run. */
export const listCheckOutcomes = defineQuery({
  name: 'run.list_check_outcomes',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/list-check-outcomes.sql',
  params: z.strictObject(whichRun),
  bind: boundOf,
  row: dqResultsRow.pick({ target_table: true, dq_config_id: true }).extend({ overall_status: z.enum(checkStatuses) }),
});
