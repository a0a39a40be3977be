/** Reads back from Postgres what was reported of a run, in pages, so that it is there as soon as it was stored. */
import { and, asc, eq, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { listReportsInput } from '@/lib/domains/runs/input';
import { type DqResult, dqResults, runs, type StepLog, stepLogs } from '@/lib/domains/runs/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { instantInput } from '@/lib/kernel/input';
import { defineOperation } from '@/lib/kernel/operation';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const position = z.strictObject({ at: instantInput, id: z.uuid() });
type Asked = z.output<typeof listReportsInput>;
type Page<Row> = { rows: Row[]; next: string | null };

/** Throws AppError not_found unless the run is the caller's. */
async function requireRun(ctx: CustomerCtx, runId: string): Promise<void> {
  const own = and(eq(runs.pipelineLoggingId, runId), eq(runs.customerId, ctx.customerId));
  const [run] = await db().select({ id: runs.pipelineLoggingId }).from(runs).where(own);
  if (!run) throw new AppError('not_found', 'There is no run with this id.');
}

/** After the cursor's row in the order of time and id. */
const beyond = (at: PgColumn, id: PgColumn, after: string | undefined) => {
  if (after === undefined) return undefined;
  const from = decodeCursor(position, after);
  return sql`(${at}, ${id}) > (${from.at}::timestamptz, ${from.id}::uuid)`;
};

function pageOf<Row>(found: Row[], limit: number, place: (row: Row) => { at: Date; id: string }): Page<Row> {
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  const from = last && place(last);
  return { rows, next: from ? encodeCursor({ at: from.at.toISOString(), id: from.id }) : null };
}

/** Steps of the caller's run by their start. Throws AppError not_found, invalid_cursor. */
export const readSteps = defineOperation({
  name: 'run.read_steps',
  permission: 'runs:read',
  input: listReportsInput,
  run: async (ctx: CustomerCtx, { limit, after }: Asked, runId: string): Promise<Page<StepLog>> => {
    await requireRun(ctx, runId);
    const found = await db()
      .select()
      .from(stepLogs)
      .where(and(eq(stepLogs.pipelineLoggingId, runId), beyond(stepLogs.startTime, stepLogs.stepLoggingId, after)))
      .orderBy(asc(stepLogs.startTime), asc(stepLogs.stepLoggingId))
      .limit(limit + 1);
    return pageOf(found, limit, step => ({ at: step.startTime, id: step.stepLoggingId }));
  },
});

/** Data-quality results of the caller's run by when they were made. Throws AppError not_found, invalid_cursor. */
export const readChecks = defineOperation({
  name: 'run.read_checks',
  permission: 'runs:read',
  input: listReportsInput,
  run: async (ctx: CustomerCtx, { limit, after }: Asked, runId: string): Promise<Page<DqResult>> => {
    await requireRun(ctx, runId);
    const found = await db()
      .select()
      .from(dqResults)
      .where(and(eq(dqResults.pipelineLoggingId, runId), beyond(dqResults.executedAt, dqResults.dqResultId, after)))
      .orderBy(asc(dqResults.executedAt), asc(dqResults.dqResultId))
      .limit(limit + 1);
    return pageOf(found, limit, result => ({ at: result.executedAt, id: result.dqResultId }));
  },
});
