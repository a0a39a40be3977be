/** A run that a worker reserved: its orchestrator extends it, ends it, and adds steps and checks. Source: docs/lineage.md, Which run. */
import { jobNameOf, orchestratorOf } from '@/lib/domains/lineage/apply/describe-run';
import { failureOf, type Picture } from '@/lib/domains/lineage/apply/picture';
import { settleAt, statusOf } from '@/lib/domains/lineage/apply/run-state';
import { endReserved, extendReserved, saveReserved } from '@/lib/domains/runs/observe/reserved-run';
import { countTotals } from '@/lib/domains/runs/observe/totals';
import type { Run } from '@/lib/domains/runs/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import { storableStart } from '@/lib/kernel/storable';
import type { Tx } from '@/lib/platform/db';

/**
 * Ends the run where its own job ended, or extends its lease where that goes on. Of a job that may be none but a part of the
 * run a minute is waited for one that surely is the run. The caller does not hold the run’s row.
 */
export async function extendOrEnd(tx: Tx, run: Run, picture: Picture): Promise<void> {
  const { lineage, own, news } = picture;
  if (own === null || run.status !== 'RUNNING') return;
  const { customerId, pipelineLoggingId } = run;
  const { terminalType, stepLoggingId } = own.job;
  if (terminalType !== null && (own.certain || news.now >= settleAt(lineage))) {
    const status = statusOf[terminalType];
    const error = status === 'COMPLETED' ? null : await failureOf(picture);
    await endReserved(tx, { customer_id: customerId, run_id: pipelineLoggingId, status, error_message: error });
  } else if (news.alive.has(stepLoggingId)) await extendReserved(tx, customerId, pipelineLoggingId);
}

/** Writes what was told of the run, whose row the caller holds; answers the row of BigQuery that is out of date. */
export async function writeReserved(tx: Tx, run: Run, { lineage, jobs, own, news }: Picture): Promise<MirrorRef[]> {
  const named = jobNameOf(lineage, own?.job ?? null, jobs);
  return saveReserved(tx, run, {
    ...(await countTotals(tx, run.pipelineLoggingId)),
    orchestrator: orchestratorOf(own?.job ?? null, jobs),
    jobNamespace: storableStart(named.namespace, 2_000),
    jobName: storableStart(named.name, 2_000),
    lateEvents: run.lateEvents + news.late,
  });
}
