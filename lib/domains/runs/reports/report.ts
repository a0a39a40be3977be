/** Stores what workers report of a run: steps are upserted, data-quality results only added. The rows are their own audit. */
import { and, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { reportChecksInput, reportStepsInput } from '@/lib/domains/runs/input';
import { dqResultsMirror, runDetailsMirror, stepLogsMirror } from '@/lib/domains/runs/mirror';
import { outsideWindow } from '@/lib/domains/runs/reports/report-window';
import { maxReportsPerRun, mayFollow, reportGraceHours, reportsUntil, stepTransitions } from '@/lib/domains/runs/rules';
import { type DqResult, dqResults, type Run, runs, stepLogs } from '@/lib/domains/runs/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { invalidInput } from '@/lib/kernel/input';
import { defineOperation } from '@/lib/kernel/operation';
import { enqueue } from '@/lib/kernel/outbox';
import { utcDay } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

type LockedRun = Pick<Run, 'pipelineLoggingId' | 'startTime' | 'stepCount' | 'checkCount'>;

/**
 * The caller's run, locked so that reports of it are counted one after another. Throws not_found for any other, and
 * report_too_late more than 24 hours after its end.
 */
async function lockRun(tx: Tx, ctx: CustomerCtx, runId: string): Promise<LockedRun> {
  const { pipelineLoggingId, startTime, endTime, stepCount, checkCount } = runs;
  const [run] = await tx
    .select({ pipelineLoggingId, startTime, endTime, stepCount, checkCount })
    .from(runs)
    .where(and(eq(runs.pipelineLoggingId, runId), eq(runs.customerId, ctx.customerId)))
    .for('no key update');
  if (!run) throw new AppError('not_found', 'There is no run with this id.');
  const until = reportsUntil(run.endTime);
  if (run.endTime === null || until === null || ctx.clock() <= until) return run;
  const [ended_at, reports_until] = [run.endTime.toISOString(), until.toISOString()];
  const message = `The run ended at ${ended_at}. Steps and checks are taken for ${reportGraceHours} hours after, until ${reports_until}.`;
  throw new AppError('report_too_late', message, { details: { ended_at, reports_until } });
}

/** Adds what was stored anew to the run's own count. Throws AppError report_limit_reached beyond the limit. */
async function countReports(tx: Tx, run: LockedRun, column: 'stepCount' | 'checkCount', added: number): Promise<void> {
  if (added === 0) return;
  const [known, what] = [run[column], column === 'stepCount' ? 'steps' : 'data-quality results'];
  if (known + added > maxReportsPerRun) {
    const limit = maxReportsPerRun.toLocaleString('en-US');
    throw new AppError('report_limit_reached', `A run keeps at most ${limit} ${what}; this one has ${known}.`, {
      details: { limit: maxReportsPerRun, stored: known },
    });
  }
  const counted = await tx
    .update(runs)
    .set({ [column]: known + added })
    .where(eq(runs.pipelineLoggingId, run.pipelineLoggingId))
    .returning();
  await enqueue(tx, counted.map(runDetailsMirror.ref));
}

/** Throws invalid_input with every instant that lies where no read of the run would look. `path` names one by its index. */
function requireInWindow(runStart: Date, instants: Date[], path: (index: number) => string): void {
  const fields = instants.flatMap((at, index) => {
    const message = outsideWindow(at, runStart);
    return message === null ? [] : [{ path: path(index), message }];
  });
  if (fields.length > 0) throw invalidInput(fields);
}

/** Pairs of states that may follow one another, as SQL compares them. */
const allowedPairs = sql.raw(
  Object.entries(stepTransitions)
    .flatMap(([before, following]) => following.map(after => `('${before}', '${after}')`))
    .join(', '),
);

/** Says why a step was not stored: its id is another run's, or it would go back. */
async function refuseSteps(tx: Tx, run: LockedRun, reported: ReportedStep[]): Promise<never> {
  const ids = reported.map(step => step.stepLoggingId);
  const known = await tx.select().from(stepLogs).where(inArray(stepLogs.stepLoggingId, ids));
  if (known.some(step => step.pipelineLoggingId !== run.pipelineLoggingId)) throw idTaken('step_logging_id');
  const fields = reported.flatMap((step, index) => {
    const before = known.find(item => item.stepLoggingId === step.stepLoggingId.toLowerCase())?.status;
    if (!before || mayFollow(before, step.status)) return [];
    const message = `This step is ${before} and does not become ${step.status}. Another try has an id of its own.`;
    return [{ path: `steps.${index}.status`, message }];
  });
  throw new AppError('step_goes_back', fields[0]?.message ?? 'A step was not stored.', { fields });
}

const idTaken = (field: string) =>
  new AppError('conflict', `A ${field} of this report belongs to another run. Use a new UUID.`);

type Steps = z.output<typeof reportStepsInput>;
type ReportedStep = (typeof stepLogs)['$inferInsert'];

function stepRows(ctx: CustomerCtx, runId: string, { steps }: Steps): (ReportedStep & { startTime: Date })[] {
  return steps.map(step => ({
    stepLoggingId: step.step_logging_id,
    customerId: ctx.customerId,
    pipelineLoggingId: runId,
    stepName: step.step_name,
    stepType: step.step_type,
    stepIndex: step.step_index,
    status: step.status,
    startTime: step.start_time,
    endTime: step.end_time ?? null,
    durationMs: step.end_time ? step.end_time.getTime() - step.start_time.getTime() : null,
    rowsProcessed: step.rows_processed ?? null,
    errorMessage: step.error_message ?? null,
    metadata: step.metadata ?? null,
  }));
}

// start_time stays the first one sent: it is the partition in BigQuery, where a row must not move.
const stepChanges = {
  stepName: sql`excluded.step_name`,
  stepType: sql`excluded.step_type`,
  stepIndex: sql`excluded.step_index`,
  status: sql`excluded.status`,
  endTime: sql`excluded.end_time`,
  durationMs: sql`greatest(0, extract(epoch FROM excluded.end_time - ${stepLogs.startTime}) * 1000)::bigint`,
  rowsProcessed: sql`excluded.rows_processed`,
  errorMessage: sql`excluded.error_message`,
  metadata: sql`excluded.metadata`,
  updatedAt: sql`clock_timestamp()`,
};

/**
 * Stores steps of one of the caller's runs, each replacing what its step_logging_id said before. Throws AppError
 * invalid_input, not_found, conflict (an id of another run). Source: docs/spec/002-pipeline-metadata.md, step_logs; docs/architecture.md, /steps.
 */
export const reportSteps = defineOperation({
  name: 'run.report_steps',
  permission: 'runs:write',
  input: reportStepsInput,
  run: storeSteps,
});

async function storeSteps(ctx: CustomerCtx, input: Steps, runId: string): Promise<{ stored: number }> {
  const reported = stepRows(ctx, runId, input);
  const rows = reported.toSorted((a, b) => a.stepLoggingId.localeCompare(b.stepLoggingId));
  return db().transaction(async tx => {
    const run = await lockRun(tx, ctx, runId);
    const starts = reported.map(step => step.startTime);
    requireInWindow(run.startTime, starts, index => `steps.${index}.start_time`);
    const stored = await tx
      .insert(stepLogs)
      .values(rows)
      .onConflictDoUpdate({
        target: stepLogs.stepLoggingId,
        set: stepChanges,
        setWhere: sql`${stepLogs.pipelineLoggingId} = ${runId} AND ${stepLogs.customerId} = ${ctx.customerId}
          AND (${stepLogs.status}, excluded.status) IN (${allowedPairs})`,
      })
      // A row that was there before carries the transaction that locked it.
      .returning({ ...getTableColumns(stepLogs), isNew: sql<boolean>`xmax = 0` });
    if (stored.length !== rows.length) return refuseSteps(tx, run, reported);
    await countReports(tx, run, 'stepCount', stored.filter(step => step.isNew).length);
    await enqueue(tx, stored.map(stepLogsMirror.ref));
    return { stored: stored.length };
  });
}

/**
 * Adds data-quality results to one of the caller's runs; results already stored stay as they are. Throws AppError
 * invalid_input, not_found, conflict (an id of another run). Source: docs/spec/002-pipeline-metadata.md, dq_results; docs/architecture.md, /dq-results.
 */
export const reportChecks = defineOperation({
  name: 'run.report_checks',
  permission: 'runs:write',
  input: reportChecksInput,
  run: storeChecks,
});

async function storeChecks(
  ctx: CustomerCtx,
  { dq_results: checks }: z.output<typeof reportChecksInput>,
  runId: string,
): Promise<{ stored: number }> {
  const reported = checks.map(check => ({
    dqResultId: check.dq_result_id,
    customerId: ctx.customerId,
    pipelineLoggingId: runId,
    targetTable: check.target_table,
    dqConfigId: check.dq_config_id,
    executedAt: check.executed_at,
    expectationsPassed: check.expectations_passed,
    expectationsFailed: check.expectations_failed,
    failedExpectations: check.failed_expectations ?? null,
    overallStatus: check.overall_status,
    ingestionDate: utcDay(check.executed_at),
  }));
  const rows = reported.toSorted((a, b) => a.dqResultId.localeCompare(b.dqResultId));
  return db().transaction(async tx => {
    const run = await lockRun(tx, ctx, runId);
    const made = reported.map(check => check.executedAt);
    requireInWindow(run.startTime, made, index => `dq_results.${index}.executed_at`);
    const stored: DqResult[] = await tx.insert(dqResults).values(rows).onConflictDoNothing().returning();
    await requireOwnChecks(tx, ctx, runId, rows);
    await countReports(tx, run, 'checkCount', stored.length);
    await enqueue(tx, stored.map(dqResultsMirror.ref));
    return { stored: stored.length };
  });
}

async function requireOwnChecks(tx: Tx, ctx: CustomerCtx, runId: string, rows: { dqResultId: string }[]) {
  const ids = rows.map(row => row.dqResultId);
  const own = await tx
    .select({ id: dqResults.dqResultId })
    .from(dqResults)
    .where(
      and(
        inArray(dqResults.dqResultId, ids),
        eq(dqResults.pipelineLoggingId, runId),
        eq(dqResults.customerId, ctx.customerId),
      ),
    );
  if (own.length !== ids.length) throw idTaken('dq_result_id');
}
