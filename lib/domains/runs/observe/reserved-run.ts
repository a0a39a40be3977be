/** A run that a worker reserved and whose orchestrator reports of it too: it is extended and ended as by the worker’s own calls. */
import { and, eq, sql } from 'drizzle-orm';
import { runDetailsMirror } from '@/lib/domains/runs/mirror';
import { isSameRow } from '@/lib/domains/runs/observe/same-row';
import { type Completion, completionRow } from '@/lib/domains/runs/start/lease';
import { type Run, runs } from '@/lib/domains/runs/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';

/** Extends the lease of a running run from now by its own length. */
export async function extendReserved(tx: Tx, customerId: string, runId: string): Promise<void> {
  await tx
    .update(runs)
    .set({
      leaseExpiresAt: sql`date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => ${runs.leaseSeconds})`,
    })
    .where(and(eq(runs.pipelineLoggingId, runId), eq(runs.customerId, customerId), eq(runs.status, 'RUNNING')));
}

/**
 * Ends a run once, frees its slot and counts it; one that has ended stays as it is. The caller must not hold the run’s row:
 * the customer’s counter is locked before it.
 */
export async function endReserved(tx: Tx, completion: Completion): Promise<void> {
  const requests = JSON.stringify([completionRow(completion, 0)]);
  await tx.execute(sql`SELECT outcome FROM complete_runs(${requests}::jsonb)`);
}

/** What an orchestrator tells of a run that is not its own to start. */
export type ToldOfReserved = Partial<
  Pick<
    Run,
    | 'stepCount'
    | 'checkCount'
    | 'checksFailed'
    | 'rowsProcessed'
    | 'orchestrator'
    | 'jobNamespace'
    | 'jobName'
    | 'lateEvents'
  >
>;

/** Writes what was told of a locked run; answers the row of BigQuery that is out of date. */
export async function saveReserved(tx: Tx, run: Run, told: ToldOfReserved): Promise<MirrorRef[]> {
  if (isSameRow(run, told)) return [];
  await tx.update(runs).set(told).where(eq(runs.pipelineLoggingId, run.pipelineLoggingId));
  return [runDetailsMirror.ref({ ...run, ...told })];
}
