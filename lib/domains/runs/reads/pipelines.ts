/** Each pipeline of the last 30 days: how its runs ended and how long they took, and what it does at this moment. */
import { and, asc, eq, gte, inArray, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { lineagePipelines } from '@/lib/domains/lineage/tables';
import { type RunStatus, runs } from '@/lib/domains/runs/tables';
import { type Ctx, type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';
import { pipelineRunsRow } from '@/lib/warehouse/rows/metadata';

/** UTC days that the list covers, today included. */
export const pipelineDays = 30;
/** Most pipelines a customer is shown; more are not read. */
export const maxPipelines = 1_000;

const endedStatuses = ['COMPLETED', 'FAILED', 'CANCELLED'] as const;
const durationMs = z.int().min(0);
const pipelineRow = pipelineRunsRow.pick({ pipeline_id: true }).extend({
  last_status: z.enum(endedStatuses),
  last_run_id: pipelineRunsRow.shape.pipeline_logging_id,
  last_start_time: pipelineRunsRow.shape.start_time,
  succeeded: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  failed_7_days: z.int(),
  p50_ms: durationMs.nullable(),
  p95_ms: durationMs.nullable(),
  /** Days with a succeeded run, as distance from today, and the median duration of each; empty or null without any. */
  measured_days_ago: z.array(z.int()).nullable(),
  measured_p50_ms: z.array(durationMs).nullable(),
});
type PipelineRow = z.output<typeof pipelineRow>;

/** Outcomes and exact percentiles of every pipeline with a run that ended in the last 30 UTC days, by name. */
export const listPipelineRows = defineQuery({
  name: 'run.list_pipelines',
  permission: 'runs:read',
  sql: 'runs/list-pipelines.sql',
  withoutOverlay: 'Workers report these runs; what moves at this moment is counted in Postgres.',
  params: z.strictObject({}),
  row: pipelineRow,
});

type LastRun = { runId: string; status: (typeof endedStatuses)[number]; startTime: Date };
/** What Postgres knows of a pipeline before BigQuery has it. */
type Moving = { running: number; pending: number; last: LastRun | null };

/** Ended runs are in BigQuery after this long, or the page says how far behind it is. */
const justEndedMs = 10 * 60_000;
const dayMs = 86_400_000;

/** What is known of a pipeline once one more of its runs is seen, in the order of their starts. */
function after(
  known: Moving,
  { runId, status, startTime }: { runId: string; status: RunStatus; startTime: Date },
): Moving {
  if (status === 'RUNNING') return { ...known, running: known.running + 1 };
  if (status === 'PENDING') return { ...known, pending: known.pending + 1 };
  return { ...known, last: { runId, status, startTime } };
}

/** The pipelines that run, wait or have just ended a run, from Postgres. AppError forbidden. */
export const readMoving = defineOperation({
  name: 'run.read_moving',
  permission: 'runs:read',
  input: z.strictObject({}),
  run: async ({ customerId, clock }): Promise<Map<string, Moving>> => {
    const nowMs = clock().getTime();
    const own = eq(runs.customerId, customerId);
    const justEnded = and(
      gte(runs.startTime, new Date(nowMs - dayMs)),
      gte(runs.endTime, new Date(nowMs - justEndedMs)),
    );
    const { pipelineId, pipelineLoggingId: runId, status, startTime } = runs;
    const rows = await db()
      .select({ pipelineId, runId, status, startTime })
      .from(runs)
      .where(and(own, or(inArray(runs.status, ['RUNNING', 'PENDING']), justEnded)))
      .orderBy(asc(runs.startTime), asc(runs.pipelineLoggingId));
    const moving = new Map<string, Moving>();
    for (const { pipelineId: of, ...run } of rows) {
      const known = moving.get(of) ?? { running: 0, pending: 0, last: null };
      moving.set(of, after(known, run));
    }
    return moving;
  },
});

export type Job = { namespace: string; name: string };

export type Pipeline = {
  pipelineId: string;
  /** What its orchestrator calls it; null where none reports of it. */
  job: Job | null;
  /** The run that started last among those that ended; null where none has ended yet. */
  last: LastRun | null;
  succeeded: number;
  failed: number;
  cancelled: number;
  failed7Days: number;
  /** Duration that half and 95 of 100 succeeded runs kept to; null without any. */
  p50Ms: number | null;
  p95Ms: number | null;
  /** Median duration of the succeeded runs of each day, oldest first, today last; null for a day without any. */
  dayP50Ms: (number | null)[];
  /** At this moment. */
  running: number;
  pending: number;
};

const unmeasured = { succeeded: 0, failed: 0, cancelled: 0, failed7Days: 0, p50Ms: null, p95Ms: null };

function daysOf({ measured_days_ago, measured_p50_ms }: PipelineRow): (number | null)[] {
  const byDay = new Map(measured_days_ago?.map((daysAgo, index) => [daysAgo, measured_p50_ms?.[index]]));
  return Array.from({ length: pipelineDays }, (_, day) => byDay.get(pipelineDays - 1 - day) ?? null);
}

/** The jobs of orchestrators that these pipelines are, by pipeline: a customer may have reported far more. AppError forbidden. */
export const readJobs = defineOperation({
  name: 'run.read_jobs',
  permission: 'runs:read',
  input: z.strictObject({}),
  run: async ({ customerId }: CustomerCtx, _, pipelineIds: readonly string[]): Promise<Map<string, Job>> => {
    const { pipelineId, namespace, name } = lineagePipelines;
    const rows = await db()
      .select({ pipelineId, namespace, name })
      .from(lineagePipelines)
      .where(and(eq(lineagePipelines.customerId, customerId), sql`${pipelineId} = ANY(${sql.param(pipelineIds)})`));
    return new Map(rows.map(({ pipelineId: id, ...job }) => [id, job]));
  },
});

function pipelineOf(row: PipelineRow, moving: Moving | undefined, job: Job | null): Pipeline {
  const copied = { runId: row.last_run_id, status: row.last_status, startTime: row.last_start_time };
  const isNewer = moving?.last && moving.last.startTime >= copied.startTime;
  return {
    pipelineId: row.pipeline_id,
    job,
    last: isNewer ? moving.last : copied,
    succeeded: row.succeeded,
    failed: row.failed,
    cancelled: row.cancelled,
    failed7Days: row.failed_7_days,
    p50Ms: row.p50_ms,
    p95Ms: row.p95_ms,
    dayP50Ms: daysOf(row),
    running: moving?.running ?? 0,
    pending: moving?.pending ?? 0,
  };
}

/** All pipelines of the last 30 UTC days, also one whose first run is still running. AppError forbidden, warehouse_unavailable. */
export async function readPipelines(ctx: Ctx): Promise<RowsAge & { pipelines: Pipeline[] }> {
  const customer = requireCustomer(ctx);
  const [{ rows, state, readAt, pendingSince }, moving] = await Promise.all([
    listPipelineRows(ctx, {}),
    readMoving(customer, {}),
  ]);
  const known = new Set(rows.map(row => row.pipeline_id));
  const others = [...moving].filter(([pipelineId]) => !known.has(pipelineId));
  const jobs = await readJobs(customer, {}, [...known, ...others.map(([pipelineId]) => pipelineId)]);
  const dayP50Ms = Array.from({ length: pipelineDays }, () => null);
  return {
    state,
    readAt,
    pendingSince,
    pipelines: [
      ...rows.map(row => pipelineOf(row, moving.get(row.pipeline_id), jobs.get(row.pipeline_id) ?? null)),
      ...others.map(([pipelineId, now]) => ({
        pipelineId,
        job: jobs.get(pipelineId) ?? null,
        ...now,
        ...unmeasured,
        dayP50Ms,
      })),
    ],
  };
}
