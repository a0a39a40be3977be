/** What pages ask BigQuery about runs, steps and data quality. Source: docs/spec/002-pipeline-metadata.md. */
import { z } from 'zod';
import { runStatuses } from '@/lib/domains/runs/tables';
import { utcDayInput } from '@/lib/kernel/input';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { dqResultsRow, pipelineRunsRow, stepLogsRow } from '@/lib/warehouse/rows/metadata';

const dayStart = (utcDay: string): Date => new Date(`${utcDay}T00:00:00Z`);
const noParams = z.strictObject({});
/** Why changes on their way are not laid over these rows. */
const withoutOverlay = 'Workers report these rows, no person changes them; what must be exact reads Postgres.';

/** Status as pages show it: CANCELLED where the mirror wrote FAILED and `cancelled: …`. */
const shownStatus = { status: z.enum(runStatuses) };
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

/** One run; no row where the customer has none of this id on that day. */
export const getRun = defineQuery({
  name: 'run.get',
  permission: 'runs:read',
  withoutOverlay,
  sql: 'runs/get-run.sql',
  ...oneRun,
  row: pipelineRunsRow.omit({ tenant_id: true }).extend(shownStatus),
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
