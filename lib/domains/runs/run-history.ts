/** Reads runs from Postgres for machines: a run just started is there at once, and asking costs nothing in BigQuery. */
import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import { type Run, type RunStatus, runs, type triggerTypes } from '@/lib/domains/runs/tables';
import { authorise } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { addDays } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

export type RunFilter = {
  status?: RunStatus | undefined;
  pipelineId?: string | undefined;
  triggerType?: (typeof triggerTypes)[number] | undefined;
  /** First and last UTC day of start_time, yyyy-mm-dd, both included. */
  fromDay?: string | undefined;
  toDay?: string | undefined;
};

/** Where a page starts: after this run in the order newest first. */
export type RunPosition = { startTime: string; pipelineLoggingId: string };

const midnight = (day: string): Date => new Date(`${day}T00:00:00Z`);

function conditions(ctx: CustomerCtx, filter: RunFilter, after: RunPosition | null): SQL | undefined {
  return and(
    eq(runs.customerId, ctx.customerId),
    filter.status ? eq(runs.status, filter.status) : undefined,
    filter.pipelineId ? eq(runs.pipelineId, filter.pipelineId) : undefined,
    filter.triggerType ? eq(runs.triggerType, filter.triggerType) : undefined,
    filter.fromDay ? gte(runs.startTime, midnight(filter.fromDay)) : undefined,
    filter.toDay ? lt(runs.startTime, midnight(addDays(filter.toDay, 1))) : undefined,
    after
      ? sql`(${runs.startTime}, ${runs.pipelineLoggingId}) < (${after.startTime}::timestamptz, ${after.pipelineLoggingId}::uuid)`
      : undefined,
  );
}

/** The caller's runs, newest first; `next` is where the following page starts, null on the last one. AppError forbidden. */
export async function listRunHistory(
  ctx: CustomerCtx,
  page: { filter: RunFilter; after: RunPosition | null; limit: number },
): Promise<{ runs: Run[]; next: RunPosition | null }> {
  await authorise(ctx, 'runs:read', 'run.list');
  const found = await db()
    .select()
    .from(runs)
    .where(conditions(ctx, page.filter, page.after))
    .orderBy(desc(runs.startTime), desc(runs.pipelineLoggingId))
    .limit(page.limit + 1);
  const shown = found.slice(0, page.limit);
  const last = found.length > page.limit ? shown.at(-1) : undefined;
  const next = last ? { startTime: last.startTime.toISOString(), pipelineLoggingId: last.pipelineLoggingId } : null;
  return { runs: shown, next };
}

/** The caller's run with this id (a UUID); null when there is none, which a foreign one is too. AppError forbidden. */
export async function findRun(ctx: CustomerCtx, pipelineLoggingId: string): Promise<Run | null> {
  await authorise(ctx, 'runs:read', 'run.get');
  const [run] = await db()
    .select()
    .from(runs)
    .where(and(eq(runs.customerId, ctx.customerId), eq(runs.pipelineLoggingId, pipelineLoggingId)));
  return run ?? null;
}
