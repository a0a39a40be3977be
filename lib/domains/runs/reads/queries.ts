/** What pages ask BigQuery about runs, steps and data quality. Source: docs/spec/002-pipeline-metadata.md. */
import { z } from 'zod';
import { pipelineId } from '@/lib/domains/runs/input';
import { windowOfDay } from '@/lib/domains/runs/reports/report-window';
import { runStatuses, triggerTypes } from '@/lib/domains/runs/tables';
import { instantInput, utcDayInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { addDays } from '@/lib/platform/clock';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { dqResultsRow, pipelineRunsRow, stepLogsRow } from '@/lib/warehouse/rows/metadata';

const cursorPosition = z.tuple([instantInput, z.uuid()]);
const dayStart = (utcDay: string): Date => new Date(`${utcDay}T00:00:00Z`);
const noParams = z.strictObject({});
/** Why changes on their way are not laid over these rows. */
const withoutOverlay = 'Workers report these rows, no person changes them; what must be exact reads Postgres.';

/** Status as pages show it: CANCELLED where the mirror wrote FAILED and `cancelled: …`. */
const shownStatus = { status: z.enum(runStatuses) };
const listedRun = pipelineRunsRow
  .pick({
    pipeline_logging_id: true,
    pipeline_id: true,
    trigger_type: true,
    trigger_by: true,
    start_time: true,
    end_time: true,
    duration_ms: true,
    error_message: true,
  })
  .extend(shownStatus);
export type ListedRun = z.output<typeof listedRun>;

/**
 * The customer's runs, newest first; error messages cut to 300 signs. Ask for one row more than a page shows and pass
 * `runCursor` of the last shown row as `after`. Throws AppError invalid_cursor.
 */
export const listRuns = defineQuery({
  name: 'run.list',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/list-runs.sql',
  params: z.strictObject({
    status: z.enum(runStatuses).optional(),
    pipelineId: pipelineId.optional(),
    triggerType: z.enum(triggerTypes).optional(),
    /** First and last UTC day, both included; the last 90 days by default. */
    fromDay: utcDayInput.optional(),
    toDay: utcDayInput.optional(),
    after: z.string().max(500).optional(),
    limit: z.int().min(1).max(1_000).default(51),
  }),
  bind: ({ status, pipelineId: asked, triggerType, fromDay, toDay, after, limit }) => {
    const [time, id] = after === undefined ? [null, null] : decodeCursor(cursorPosition, after);
    return {
      status: { type: 'STRING', value: status ?? null },
      pipeline_id: { type: 'STRING', value: asked ?? null },
      trigger_type: { type: 'STRING', value: triggerType ?? null },
      from_time: { type: 'TIMESTAMP', value: fromDay ? dayStart(fromDay) : null },
      until_time: { type: 'TIMESTAMP', value: toDay ? dayStart(addDays(toDay, 1)) : null },
      after_time: { type: 'TIMESTAMP', value: time },
      after_id: { type: 'STRING', value: id },
      page_rows: { type: 'INT64', value: limit },
    };
  },
  row: listedRun,
});

/** Position after a row of listRuns, as opaque text. */
export const runCursor = (run: Pick<ListedRun, 'start_time' | 'pipeline_logging_id'>): string =>
  encodeCursor([run.start_time.toISOString(), run.pipeline_logging_id]);

const oneRun = {
  params: z.strictObject({
    pipelineLoggingId: z.uuid(),
    /** UTC day of the run's start, so that BigQuery reads one partition. */
    startDay: utcDayInput,
  }),
  bind: ({ pipelineLoggingId, startDay }: { pipelineLoggingId: string; startDay: string }) => ({
    pipeline_logging_id: { type: 'STRING' as const, value: pipelineLoggingId },
    day_start: { type: 'TIMESTAMP' as const, value: dayStart(startDay) },
  }),
};

/** What belongs to one run, in the partitions of its window. */
const partsOfRun = {
  params: oneRun.params,
  bind: (which: { pipelineLoggingId: string; startDay: string }) => {
    const { from, until } = windowOfDay(which.startDay);
    return {
      ...oneRun.bind(which),
      window_start: { type: 'TIMESTAMP' as const, value: from },
      window_end: { type: 'TIMESTAMP' as const, value: until },
    };
  },
};

/** One run; no row where the customer has none of this id on that day. */
export const getRun = defineQuery({
  name: 'run.get',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/get-run.sql',
  ...oneRun,
  row: pipelineRunsRow.omit({ tenant_id: true }).extend(shownStatus),
});

/** Steps of one run, in the pipeline's order. */
export const listRunSteps = defineQuery({
  name: 'run.list_steps',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/list-run-steps.sql',
  ...partsOfRun,
  row: stepLogsRow.omit({ pipeline_logging_id: true }),
});

/** Data-quality results of one run, failures first. */
export const listRunChecks = defineQuery({
  name: 'run.list_checks',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/list-run-checks.sql',
  ...partsOfRun,
  row: dqResultsRow.omit({ pipeline_logging_id: true, tenant_id: true, ingestion_date: true }),
});

/** Runs and checks of the last 7 UTC days and how many failed; always one row. */
export const countRecent = defineQuery({
  name: 'run.count_recent',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/count-recent.sql',
  params: noParams,
  row: z.strictObject({ runs: z.int(), runs_failed: z.int(), checks: z.int(), checks_failed: z.int() }),
});

/**
 * Failed runs of the last 7 days, newest first; cancelled ones left out.
 * Source: docs/spec/002-pipeline-metadata.md, Example; docs/spec/requirements.md, M-10.
 */
export const listFailedRuns = defineQuery({
  name: 'run.list_failed',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/list-failed-runs.sql',
  params: noParams,
  row: pipelineRunsRow.pick({
    pipeline_logging_id: true,
    pipeline_id: true,
    status: true,
    start_time: true,
    duration_ms: true,
    parameters: true,
    error_message: true,
  }),
});
export type FailedRun = Awaited<ReturnType<typeof listFailedRuns>>['rows'][number];

/**
 * The 10 longest completed steps of the last day.
 * Source: docs/spec/002-pipeline-metadata.md, Example; docs/spec/requirements.md, M-16.
 */
export const listLongestSteps = defineQuery({
  name: 'run.list_longest_steps',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/list-longest-steps.sql',
  params: noParams,
  row: pipelineRunsRow.pick({ pipeline_id: true }).extend(
    stepLogsRow.pick({
      step_logging_id: true,
      pipeline_logging_id: true,
      step_name: true,
      duration_ms: true,
      rows_processed: true,
    }).shape,
  ),
});
export type LongStep = Awaited<ReturnType<typeof listLongestSteps>>['rows'][number];

/**
 * Data-quality checks that failed today, newest first.
 * Source: docs/spec/002-pipeline-metadata.md, Example; docs/spec/requirements.md, M-27.
 */
export const listFailedChecks = defineQuery({
  name: 'run.list_failed_checks',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/list-failed-checks.sql',
  params: noParams,
  row: dqResultsRow.pick({
    dq_result_id: true,
    pipeline_logging_id: true,
    target_table: true,
    overall_status: true,
    expectations_passed: true,
    expectations_failed: true,
    executed_at: true,
  }),
});
export type FailedCheck = Awaited<ReturnType<typeof listFailedChecks>>['rows'][number];
