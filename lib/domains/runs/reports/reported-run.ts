/** The run that a report is of: locked while it is stored, and its totals, right after each. */
import { and, eq } from 'drizzle-orm';
import { runDetailsMirror } from '@/lib/domains/runs/mirror';
import { maxReportsPerRun, reportGraceHours, reportsUntil } from '@/lib/domains/runs/rules';
import { type Run, runs } from '@/lib/domains/runs/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/**
 * The caller's run, locked so that reports of it are counted one after another. Throws AppError not_found for any other,
 * run_not_started while it waits, report_too_late more than 24 hours after its end.
 */
export async function lockRun(tx: Tx, ctx: CustomerCtx, runId: string): Promise<Run> {
  const [run] = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.pipelineLoggingId, runId), eq(runs.customerId, ctx.customerId)))
    .for('no key update');
  if (!run) throw new AppError('not_found', 'There is no run with this id.');
  if (run.status === 'PENDING') {
    const details = { run_status: run.status };
    throw new AppError('run_not_started', 'This run waits for a worker: claim it before you report of it.', {
      details,
    });
  }
  const until = reportsUntil(run.endTime);
  if (run.endTime === null || until === null || ctx.clock() <= until) return run;
  const [ended_at, reports_until] = [run.endTime.toISOString(), until.toISOString()];
  const message = `The run ended at ${ended_at}. Steps and checks are taken for ${reportGraceHours} hours after, until ${reports_until}.`;
  throw new AppError('report_too_late', message, { details: { ended_at, reports_until } });
}

/** Why no more is stored of a run that keeps as much already; `what` names it. */
export const limitReached = (what: string, stored: number): AppError =>
  new AppError(
    'report_limit_reached',
    `A run keeps at most ${maxReportsPerRun.toLocaleString('en-US')} ${what}; this one has ${stored}.`,
    { details: { limit: maxReportsPerRun, stored } },
  );

export type Totals = Pick<Run, 'stepCount' | 'checkCount' | 'checksFailed' | 'rowsProcessed'>;

/** Writes the run's totals where they changed, and answers the row of BigQuery that is out of date then. */
export async function saveTotals(tx: Tx, run: Run, totals: Partial<Totals>): Promise<MirrorRef[]> {
  const names = Object.keys(totals) as (keyof Totals)[];
  if (names.every(name => totals[name] === run[name])) return [];
  await tx.update(runs).set(totals).where(eq(runs.pipelineLoggingId, run.pipelineLoggingId));
  return [runDetailsMirror.ref({ ...run, ...totals })];
}
