/** The step that broke each of several failed runs: from Postgres while it keeps their steps, else from BigQuery. */
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { brokenStep } from '@/lib/domains/runs/explain/reported-step';
import { windowOfDay } from '@/lib/domains/runs/reports/report-window';
import { stepLogs, stepStatuses } from '@/lib/domains/runs/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { stepLogsRow } from '@/lib/warehouse/rows/metadata';

/** Signs of an error message that a list carries. */
const errorSigns = 1_000;
const mostRuns = 100;
const mostSteps = 5_000;

const row = stepLogsRow
  .pick({ pipeline_logging_id: true, step_name: true, step_type: true, step_index: true, error_message: true })
  .extend({ status: z.enum(stepStatuses), parent_name: z.string().nullable() });
export type FailedStep = z.output<typeof row>;

const listFailedSteps = defineQuery({
  name: 'run.list_failed_steps',
  permission: 'runs:read',
  sql: 'runs/list-failed-steps.sql',
  withoutOverlay: 'Runs whose steps Postgres still keeps are read there.',
  params: z.strictObject({ runIds: z.array(z.uuid()).min(1).max(mostRuns), fromDay: utcDayInput, toDay: utcDayInput }),
  bind: ({ runIds, fromDay, toDay }) => ({
    run_ids: { type: 'ARRAY<STRING>', value: runIds },
    from_time: { type: 'TIMESTAMP', value: new Date(`${fromDay}T00:00:00Z`) },
    until_time: { type: 'TIMESTAMP', value: new Date(`${addDays(toDay, 1)}T00:00:00Z`) },
    window_start: { type: 'TIMESTAMP', value: windowOfDay(fromDay).from },
    window_end: { type: 'TIMESTAMP', value: windowOfDay(toDay).until },
    error_signs: { type: 'INT64', value: errorSigns },
  }),
  row,
});

const keptSteps = (customerId: string, runIds: string[]): Promise<FailedStep[]> =>
  db()
    .select({
      pipeline_logging_id: stepLogs.pipelineLoggingId,
      step_name: stepLogs.stepName,
      step_type: stepLogs.stepType,
      step_index: stepLogs.stepIndex,
      status: stepLogs.status,
      error_message: sql<string | null>`left(${stepLogs.errorMessage}, ${errorSigns})`,
      parent_name: sql<string | null>`${stepLogs.metadata} #>> '{parent,name}'`,
    })
    .from(stepLogs)
    .where(
      and(
        eq(stepLogs.customerId, customerId),
        inArray(stepLogs.pipelineLoggingId, runIds),
        eq(stepLogs.status, 'FAILED'),
      ),
    )
    .orderBy(asc(stepLogs.pipelineLoggingId), asc(stepLogs.stepIndex), asc(stepLogs.startTime))
    .limit(mostSteps);

/**
 * The step that broke each run, by the run's id; a run that no failed step is known of has none. At most 100 runs, which
 * the caller has read as the customer's. AppError forbidden, warehouse_unavailable.
 */
export async function findBrokenSteps(
  ctx: CustomerCtx,
  runs: readonly { pipeline_logging_id: string; start_time: Date }[],
): Promise<ReadonlyMap<string, FailedStep>> {
  const ids = runs.map(run => run.pipeline_logging_id).sort();
  if (ids.length === 0) return new Map();
  const kept = await keptSteps(ctx.customerId, ids);
  const known = new Set(kept.map(step => step.pipeline_logging_id));
  const others = runs.filter(run => !known.has(run.pipeline_logging_id));
  const days = others.map(run => utcDay(run.start_time)).sort();
  const [fromDay, toDay] = [days[0], days.at(-1)];
  const copied =
    fromDay === undefined || toDay === undefined
      ? []
      : (await listFailedSteps(ctx, { runIds: others.map(run => run.pipeline_logging_id).sort(), fromDay, toDay }))
          .rows;
  const byRun = Map.groupBy([...kept, ...copied], step => step.pipeline_logging_id);
  return new Map(
    [...byRun].flatMap(([id, steps]) => {
      const broken = brokenStep(steps);
      return broken ? [[id, broken] as const] : [];
    }),
  );
}
