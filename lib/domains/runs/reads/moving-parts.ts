/** Steps and checks of a run from Postgres, in the rows and the order of BigQuery: while it moves, and until its rows are copied. */
import { and, asc, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm';
import {
  checksAfter,
  maxShown,
  type PartsAsked,
  type RunCheck,
  type RunStep,
  stepsAfter,
} from '@/lib/domains/runs/reads/run-parts';
import { dqResults, type Run, runs, stepLogs } from '@/lib/domains/runs/tables';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

type Page<Row> = { rows: Row[]; more: boolean };
type Asked = Omit<PartsAsked, 'startDay'> & { customerId: string };

const pageOf = <Row>(rows: Row[], limit: number): Page<Row> => ({
  rows: rows.slice(0, limit),
  more: rows.length > limit,
});

const rankOf = (column: SQL | typeof stepLogs.status | typeof dqResults.overallStatus, first: string, second: string) =>
  sql<number>`CASE ${column} WHEN ${first} THEN 0 WHEN ${second} THEN 1 ELSE 2 END`;

const short = (json: typeof stepLogs.metadata | typeof dqResults.failedExpectations) =>
  sql<unknown>`CASE WHEN length(${json}::text) <= ${maxShown.jsonSigns} THEN ${json} END`;

/** A value within a step's metadata as text; null where there is none, or it is no text, number or truth: as JSON_VALUE. */
const textAt = (path: string) =>
  sql<
    string | null
  >`jsonb_path_query_first(${stepLogs.metadata}, ${`strict ${path} ? (@.type() != "object" && @.type() != "array")`}::jsonpath, '{}', true) #>> '{}'`;

/** A page of the run's steps. AppError invalid_cursor. */
export async function movingSteps({ customerId, pipelineLoggingId, after, limit }: Asked): Promise<Page<RunStep>> {
  const rank = rankOf(stepLogs.status, 'FAILED', 'RUNNING');
  const start = stepsAfter(after);
  const rows = await db()
    .select({
      step_logging_id: stepLogs.stepLoggingId,
      step_name: stepLogs.stepName,
      step_type: stepLogs.stepType,
      step_index: stepLogs.stepIndex,
      status: stepLogs.status,
      start_time: stepLogs.startTime,
      end_time: stepLogs.endTime,
      duration_ms: stepLogs.durationMs,
      rows_processed: stepLogs.rowsProcessed,
      error_message: sql<string | null>`left(${stepLogs.errorMessage}, ${maxShown.errorSigns})`,
      metadata: short(stepLogs.metadata) as SQL<RunStep['metadata']>,
      metadata_left_out: sql<boolean>`coalesce(length(${stepLogs.metadata}::text) > ${maxShown.jsonSigns}, false)`,
      job_run_id: textAt('$.run_id'),
      parent_run_id: textAt('$.parent.run_id'),
      parent_name: textAt('$.parent.name'),
      statement: sql<string | null>`left(${textAt('$.sql')}, ${maxShown.jsonSigns})`,
    })
    .from(stepLogs)
    .where(
      and(
        eq(stepLogs.pipelineLoggingId, pipelineLoggingId),
        eq(stepLogs.customerId, customerId),
        start
          ? sql`(${rank}, ${stepLogs.stepIndex}, ${stepLogs.startTime}, ${stepLogs.stepLoggingId}) > (${start[0]}, ${start[1]}, ${start[2]}::timestamptz, ${start[3]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(asc(rank), asc(stepLogs.stepIndex), asc(stepLogs.startTime), asc(stepLogs.stepLoggingId))
    .limit(limit + 1);
  return pageOf(rows, limit);
}

/** A page of the run's checks. AppError invalid_cursor. */
export async function movingChecks({ customerId, pipelineLoggingId, after, limit }: Asked): Promise<Page<RunCheck>> {
  const rank = rankOf(dqResults.overallStatus, 'FAIL', 'WARNING');
  const start = checksAfter(after);
  const rows = await db()
    .select({
      dq_result_id: dqResults.dqResultId,
      target_table: dqResults.targetTable,
      dq_config_id: dqResults.dqConfigId,
      executed_at: dqResults.executedAt,
      expectations_passed: dqResults.expectationsPassed,
      expectations_failed: dqResults.expectationsFailed,
      failed_expectations: short(dqResults.failedExpectations) as SQL<RunCheck['failed_expectations']>,
      overall_status: dqResults.overallStatus,
    })
    .from(dqResults)
    .where(
      and(
        eq(dqResults.pipelineLoggingId, pipelineLoggingId),
        eq(dqResults.customerId, customerId),
        start
          ? sql`(${rank}, ${dqResults.executedAt}, ${dqResults.dqResultId}) > (${start[0]}, ${start[1]}::timestamptz, ${start[2]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(asc(rank), asc(dqResults.executedAt), asc(dqResults.dqResultId))
    .limit(limit + 1);
  return pageOf(rows, limit);
}

/** Whether a change of the run, or of one of its steps or checks, waits for the mirror. */
export async function hasWaitingRows({ customerId, pipelineLoggingId }: Run): Promise<boolean> {
  const waits = (mirrors: string[], key: SQL) => sql`EXISTS (
    SELECT 1 FROM ${outbox} WHERE ${outbox.customerId} = ${customerId}
      AND ${outbox.mirror} = ANY(${sql.param(mirrors)}::text[]) AND ${outbox.key} ${key})`;
  const keysOf = (
    table: typeof stepLogs | typeof dqResults,
    key: SQL | typeof stepLogs.stepLoggingId | typeof dqResults.dqResultId,
  ) => sql`IN (SELECT ${key}::text FROM ${table} WHERE ${table.pipelineLoggingId} = ${pipelineLoggingId})`;
  const { rows } = await db().execute<{ waits: boolean }>(sql`SELECT
    ${waits(['tenant.pipeline_runs', 'tenant.run_details'], sql`= ${pipelineLoggingId}`)}
    OR ${waits(['tenant.step_logs'], keysOf(stepLogs, stepLogs.stepLoggingId))}
    OR ${waits(['tenant.dq_results'], keysOf(dqResults, dqResults.dqResultId))} AS waits`);
  return rows[0]?.waits ?? false;
}

/** The newest COMPLETED run of the pipeline that started before this one, within 90 days; null where none did. */
export async function lastGoodRun(run: Run): Promise<string | null> {
  const [found] = await db()
    .select({ id: runs.pipelineLoggingId })
    .from(runs)
    .where(
      and(
        eq(runs.customerId, run.customerId),
        eq(runs.pipelineId, run.pipelineId),
        eq(runs.status, 'COMPLETED'),
        lt(runs.startTime, run.startTime),
        gt(runs.startTime, new Date(run.startTime.getTime() - 90 * 86_400_000)),
      ),
    )
    .orderBy(desc(runs.startTime), desc(runs.pipelineLoggingId))
    .limit(1);
  return found?.id ?? null;
}

/** Whether the caller's customer has ever had a run. */
export async function hasAnyRun(ctx: Ctx): Promise<boolean> {
  const { customerId } = requireCustomer(ctx);
  const found = await db()
    .select({ id: runs.pipelineLoggingId })
    .from(runs)
    .where(eq(runs.customerId, customerId))
    .limit(1);
  return found.length > 0;
}
