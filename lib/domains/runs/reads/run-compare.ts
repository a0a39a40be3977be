/** What differs between a run and an earlier good one of the same pipeline, read for its page. */

import { eq, min, sql } from 'drizzle-orm';
import {
  type Change,
  type CheckOutcome,
  type ComparedRun,
  compareRuns,
  type StepTotals,
} from '@/lib/domains/runs/explain/compare-runs';
import { lastGoodRun } from '@/lib/domains/runs/reads/moving-parts';
import { readRun, readsPostgres, whichOf } from '@/lib/domains/runs/reads/run-page';
import { listCheckOutcomes, listStepTotals } from '@/lib/domains/runs/reads/run-parts';
import { hasEnded } from '@/lib/domains/runs/rules';
import { dqResults, type Run, stepLogs } from '@/lib/domains/runs/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

type Totals = { steps: StepTotals[]; checks: CheckOutcome[] };

/** Of several executions the one that began last. */
const lastStatus = sql<string>`(array_agg(${stepLogs.status} ORDER BY ${stepLogs.startTime} DESC, ${stepLogs.stepLoggingId} DESC))[1]`;
const lastOutcome = sql<
  CheckOutcome['status']
>`(array_agg(${dqResults.overallStatus} ORDER BY ${dqResults.executedAt} DESC, ${dqResults.dqResultId} DESC))[1]`;
const sumOf = (column: typeof stepLogs.durationMs | typeof stepLogs.rowsProcessed) =>
  sql<number | null>`sum(${column})`.mapWith(value => (value === null ? null : Number(value)));

async function movingTotals({ pipelineLoggingId }: Run): Promise<Totals> {
  const [steps, checks] = await Promise.all([
    db()
      .select({
        name: stepLogs.stepName,
        index: min(stepLogs.stepIndex).mapWith(Number),
        executions: sql<number>`count(*)`.mapWith(Number),
        status: lastStatus,
        durationMs: sumOf(stepLogs.durationMs),
        rows: sumOf(stepLogs.rowsProcessed),
      })
      .from(stepLogs)
      .where(eq(stepLogs.pipelineLoggingId, pipelineLoggingId))
      .groupBy(stepLogs.stepName),
    db()
      .select({ table: dqResults.targetTable, config: dqResults.dqConfigId, status: lastOutcome })
      .from(dqResults)
      .where(eq(dqResults.pipelineLoggingId, pipelineLoggingId))
      .groupBy(dqResults.targetTable, dqResults.dqConfigId),
  ]);
  return { steps: steps.toSorted((a, b) => a.index - b.index), checks };
}

async function totalsOf(ctx: Ctx, run: Run): Promise<Totals> {
  if (await readsPostgres(run)) return movingTotals(run);
  const which = whichOf(run);
  const [steps, checks] = await Promise.all([listStepTotals(ctx, which), listCheckOutcomes(ctx, which)]);
  return {
    steps: steps.rows.map(({ step_index: index, duration_ms: durationMs, rows_processed: rows, ...step }) => ({
      ...step,
      index,
      durationMs,
      rows,
    })),
    checks: checks.rows.map(({ target_table: table, dq_config_id: config, overall_status: status }) => ({
      table,
      config,
      status,
    })),
  };
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** What an observed run was told with, without the ids that orchestrators give each run anew: they are no change. */
const withoutIds = (parameters: unknown): unknown =>
  JSON.parse(
    JSON.stringify(parameters, (_, value) => (typeof value === 'string' && uuid.test(value) ? undefined : value)),
  );

const comparedOf = (run: Run, totals: Totals): ComparedRun => ({
  durationMs: run.durationMs,
  rows: run.rowsProcessed,
  configVersion: run.configVersion,
  parameters: run.origin === 'observed' ? withoutIds(run.parameters) : run.parameters,
  ...totals,
});

export type Comparison =
  /** There is nothing to compare with: the pipeline had no earlier good run in 90 days. */
  | { other: null; changes: [] }
  /** `alike`: steps that both have and that differ in nothing. */
  | { other: Run; changes: Change[]; alike: number };

/**
 * Compares an ended run with `otherId`, or with the last good run before it. Throws AppError not_found where the customer
 * has no run of that id, warehouse_unavailable.
 */
export async function readComparison(ctx: Ctx, run: Run, otherId: string | 'last-good'): Promise<Comparison> {
  const id = otherId === 'last-good' ? await lastGoodRun(run) : otherId;
  if (id === null || !hasEnded(run)) return { other: null, changes: [] };
  const other = await readRun(ctx, id);
  const [before, after] = await Promise.all([totalsOf(ctx, other), totalsOf(ctx, run)]);
  const changes = compareRuns(comparedOf(other, before), comparedOf(run, after));
  const changed = new Set(changes.map(({ subject }) => subject));
  const known = new Set(before.steps.map(({ name }) => name));
  const alike = after.steps.filter(({ name }) => known.has(name) && !changed.has(name)).length;
  return { other, changes, alike };
}
