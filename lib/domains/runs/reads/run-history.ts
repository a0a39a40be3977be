/** Reads runs from Postgres for machines: a run just started is there at once, and asking costs nothing in BigQuery. */
import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { findRunInput, listRunsInput } from '@/lib/domains/runs/input';
import { type Run, runs } from '@/lib/domains/runs/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { instantInput } from '@/lib/kernel/input';
import { defineOperation } from '@/lib/kernel/operation';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { addDays } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** Where a page starts: after this run in the order newest first. */
const position = z.strictObject({ startTime: instantInput, pipelineLoggingId: z.uuid() });
type RunPosition = z.output<typeof position>;
type Asked = z.output<typeof listRunsInput>;

const midnight = (day: string): Date => new Date(`${day}T00:00:00Z`);

function conditions(ctx: CustomerCtx, asked: Asked, after: RunPosition | null): SQL | undefined {
  return and(
    eq(runs.customerId, ctx.customerId),
    asked.status ? eq(runs.status, asked.status) : undefined,
    asked.pipeline_id ? eq(runs.pipelineId, asked.pipeline_id) : undefined,
    asked.trigger_type ? eq(runs.triggerType, asked.trigger_type) : undefined,
    asked.config_id ? eq(runs.configId, asked.config_id) : undefined,
    asked.origin ? eq(runs.origin, asked.origin) : undefined,
    asked.from ? gte(runs.startTime, midnight(asked.from)) : undefined,
    asked.to ? lt(runs.startTime, midnight(addDays(asked.to, 1))) : undefined,
    after
      ? sql`(${runs.startTime}, ${runs.pipelineLoggingId}) < (${after.startTime}::timestamptz, ${after.pipelineLoggingId}::uuid)`
      : undefined,
  );
}

/** The caller's runs, newest first; `next` is the cursor of the following page, null on the last one. AppError forbidden, invalid_cursor. */
export const listRunHistory = defineOperation({
  name: 'run.list',
  permission: 'runs:read',
  input: listRunsInput,
  run: list,
});

async function list(ctx: CustomerCtx, asked: Asked): Promise<{ runs: Run[]; next: string | null }> {
  const after = asked.after === undefined ? null : decodeCursor(position, asked.after);
  const found = await db()
    .select()
    .from(runs)
    .where(conditions(ctx, asked, after))
    .orderBy(desc(runs.startTime), desc(runs.pipelineLoggingId))
    .limit(asked.limit + 1);
  const shown = found.slice(0, asked.limit);
  const last = found.length > asked.limit ? shown.at(-1) : undefined;
  const next = last
    ? encodeCursor({ startTime: last.startTime.toISOString(), pipelineLoggingId: last.pipelineLoggingId })
    : null;
  return { runs: shown, next };
}

/** The caller's run with this id (a UUID). Throws AppError not_found, which a foreign one is too, and forbidden. */
export const findRun = defineOperation({ name: 'run.get', permission: 'runs:read', input: findRunInput, run: find });

async function find(ctx: CustomerCtx, _input: unknown, pipelineLoggingId: string): Promise<Run> {
  const [run] = await db()
    .select()
    .from(runs)
    .where(and(eq(runs.customerId, ctx.customerId), eq(runs.pipelineLoggingId, pipelineLoggingId)));
  if (!run) throw new AppError('not_found', 'There is no run with this id.');
  return run;
}
