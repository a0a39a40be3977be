/** The row of an observed run: made when it is first heard of, written where it changed. Source: docs/lineage.md. */
import { and, eq } from 'drizzle-orm';
import { isSameRow } from '@/lib/domains/runs/observe/same-row';
import { errorFingerprint, errorPattern } from '@/lib/domains/runs/rules';
import { mirrorsOf } from '@/lib/domains/runs/start/queue-run';
import { type Run, runs } from '@/lib/domains/runs/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';

/** What its events say of an observed run. */
export type ObservedRun = Pick<
  Run,
  | 'pipelineLoggingId'
  | 'customerId'
  | 'pipelineId'
  | 'status'
  | 'triggerType'
  | 'triggerBy'
  | 'createdAt'
  | 'startTime'
  | 'endTime'
  | 'errorMessage'
  | 'parameters'
  | 'leaseSeconds'
  | 'leaseExpiresAt'
  | 'leaseExpired'
  | 'stepCount'
  | 'checkCount'
  | 'checksFailed'
  | 'rowsProcessed'
  | 'orchestrator'
  | 'jobNamespace'
  | 'jobName'
  | 'orchestratorRunId'
  | 'reportedStartTime'
  | 'lateEvents'
>;

/** Who told of the run first: the key, and how created_by columns name it. */
export type ToldBy = Pick<Run, 'apiKeyId' | 'startedBy'>;

/** The customer’s run, locked; null where it has none of this id. */
export async function lockOwnRun(tx: Tx, customerId: string, runId: string): Promise<Run | null> {
  const [run = null] = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.pipelineLoggingId, runId), eq(runs.customerId, customerId)))
    .for('no key update');
  return run;
}

/** The columns that follow from what was told. */
function columnsOf(run: ObservedRun): ObservedRun & Pick<Run, 'durationMs' | 'errorPattern' | 'errorFingerprint'> {
  const pattern = run.status === 'FAILED' ? errorPattern(run.errorMessage) : null;
  return {
    ...run,
    durationMs: run.endTime && run.endTime.getTime() - run.startTime.getTime(),
    errorPattern: pattern,
    errorFingerprint: pattern && errorFingerprint(pattern),
  };
}

/**
 * Writes an observed run whose row the caller has locked, or that is not there yet; answers the rows of BigQuery that are
 * out of date. A new one is first written as running: what is told of the end of runs then hears of this one too.
 */
export async function saveObservedRun(
  tx: Tx,
  before: Run | null,
  run: ObservedRun,
  toldBy: ToldBy,
): Promise<MirrorRef[]> {
  const columns = columnsOf(run);
  if (before === null) {
    const goesOn = { status: 'RUNNING' as const, endTime: null, durationMs: null };
    await tx.insert(runs).values({ ...columns, ...toldBy, ...goesOn, origin: 'observed' });
    if (run.status === 'RUNNING') return mirrorsOf({ ...run, ...toldBy } as Run);
  } else if (isSameRow(before, columns)) return [];
  const [saved] = await tx
    .update(runs)
    .set(columns)
    .where(eq(runs.pipelineLoggingId, run.pipelineLoggingId))
    .returning();
  if (!saved) throw new Error('the run went away under its lock');
  // The lease is not mirrored: a run that only goes on costs BigQuery nothing.
  const isMirrored = before === null || !isSameRow(before, { ...columns, leaseExpiresAt: before.leaseExpiresAt });
  return isMirrored ? mirrorsOf(saved) : [];
}
