/** Giving runs up: one that waits ends at once, one that runs is told by its next heartbeat. Source: docs/architecture.md, Runs that wait. */
import { and, asc, eq, inArray } from 'drizzle-orm';
import { cancelRunInput } from '@/lib/domains/runs/input';
import { runDetailsMirror, runsMirror } from '@/lib/domains/runs/mirror';
import { runMayBecome } from '@/lib/domains/runs/rules';
import { runObserved } from '@/lib/domains/runs/start/run-observed';
import { type Run, runs } from '@/lib/domains/runs/tables';
import { actorLabel, type CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { enqueue, type MirrorRef } from '@/lib/kernel/outbox';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/**
 * What became of a run that is to be cancelled. `cancelled`: it had not started, or is cancelled already. `requested`: its
 * worker is told. `ended`: it is over. `observed`: its orchestrator alone ends it. `not_found`: the customer has no such run.
 */
export type CancelOutcome = 'cancelled' | 'requested' | 'ended' | 'observed' | 'not_found';
export type Cancelled = {
  runId: string;
  outcome: CancelOutcome;
  before: Run | null;
  /** The run as it is now; null where there is none. */
  run: Run | null;
  /** Rows of BigQuery that are out of date now; none where nothing was changed. */
  mirror: MirrorRef[];
};

/** What is written of a run that somebody gives up. */
function changesOf(run: Run, by: string, now: Date): Partial<Run> {
  const asked = { cancelRequestedBy: by, cancelRequestedAt: now };
  if (run.status !== 'PENDING') return asked;
  const endTime = new Date(Math.max(now.getTime(), run.startTime.getTime()));
  return { ...asked, status: 'CANCELLED', endTime, errorMessage: `by ${by} before it started` };
}

/** Cancels a run whose row the caller has locked. */
export async function cancelLocked(tx: Tx, run: Run, by: string, now: Date): Promise<Cancelled> {
  const answer = { runId: run.pipelineLoggingId, before: run, run, mirror: [] };
  if (!runMayBecome(run.status, 'CANCELLED')) return { ...answer, outcome: 'ended' };
  if (run.origin === 'observed') return { ...answer, outcome: run.status === 'CANCELLED' ? 'cancelled' : 'observed' };
  if (run.status === 'CANCELLED') return { ...answer, outcome: 'cancelled' };
  if (run.cancelRequestedAt !== null) return { ...answer, outcome: 'requested' };
  const [changed] = await tx
    .update(runs)
    .set(changesOf(run, by, now))
    .where(eq(runs.pipelineLoggingId, run.pipelineLoggingId))
    .returning();
  if (!changed) throw new Error('the run went away under its lock');
  const details = runDetailsMirror.ref(changed);
  const waited = run.status === 'PENDING';
  return {
    ...answer,
    outcome: waited ? 'cancelled' : 'requested',
    run: changed,
    mirror: waited ? [runsMirror.ref(changed), details] : [details],
  };
}

/**
 * Cancels runs of one customer, in the order asked. Of several the caller holds the customer's counter, since whoever ends
 * many runs at once locks their rows in an order of its own.
 */
export async function cancelIn(tx: Tx, ctx: CustomerCtx, runIds: string[]): Promise<Cancelled[]> {
  const found = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.customerId, ctx.customerId), inArray(runs.pipelineLoggingId, runIds)))
    .orderBy(asc(runs.pipelineLoggingId))
    .for('no key update');
  const byId = new Map(found.map(run => [run.pipelineLoggingId, run]));
  const answers: Cancelled[] = [];
  for (const runId of runIds) {
    const run = byId.get(runId.toLowerCase());
    answers.push(
      run
        ? await cancelLocked(tx, run, actorLabel(ctx.actor), ctx.clock())
        : { runId, outcome: 'not_found', before: null, run: null, mirror: [] },
    );
  }
  return answers;
}

/**
 * Asks for the end of one of the caller's runs; asked again it answers the same. The row says who asked. Throws AppError
 * not_found, run_observed, run_finished where it has ended otherwise.
 */
export const requestCancel = defineOperation({
  name: 'run.request_cancel',
  permission: 'runs:write',
  input: cancelRunInput,
  run: cancelOne,
});

async function cancelOne(ctx: CustomerCtx, _input: unknown, runId: string): Promise<Run> {
  const answer = await db().transaction(async tx => {
    const [cancelled] = await cancelIn(tx, ctx, [runId]);
    await enqueue(tx, cancelled?.mirror ?? []);
    return cancelled;
  });
  if (!answer?.run) throw new AppError('not_found', 'There is no run with this id.');
  const { run, outcome } = answer;
  if (outcome === 'observed') throw runObserved(run);
  if (outcome !== 'ended') return run;
  throw new AppError('run_finished', `This run has ended already, as ${run.status}.`, {
    details: { run_status: run.status },
  });
}
