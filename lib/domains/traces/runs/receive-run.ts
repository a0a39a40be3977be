/** What arrives over HTTP is on record as one run an hour and customer, so that requests do not flood the list of runs. Source: docs/architecture.md, AI traces. */
import { and, desc, eq } from 'drizzle-orm';
import type { EtlJob } from '@/lib/domains/traces/rules';
import { beginEtlRun, type EtlProgress, endEtlRun, noteEtlProgress } from '@/lib/domains/traces/runs/etl-runs';
import { type EtlRun, etlRuns } from '@/lib/domains/traces/tables';
import type { Tx } from '@/lib/platform/db';

const job: EtlJob = 'receive-traces';
/** How long a run takes up what arrives. */
export const receiveRunMs = 3_600_000;

async function openRun(tx: Tx, customerId: string): Promise<EtlRun | undefined> {
  const ofCustomer = and(eq(etlRuns.customerId, customerId), eq(etlRuns.state, 'RUNNING'), eq(etlRuns.job, job));
  const [run] = await tx.select().from(etlRuns).where(ofCustomer).orderBy(desc(etlRuns.id)).limit(1);
  return run;
}

/**
 * Adds requests to the run that is open, or begins one where that is an hour old. The caller holds the customer's lock (etlRun).
 */
export async function noteReceived(
  tx: Tx,
  customerId: string,
  { requests, ...progress }: EtlProgress & { requests: number },
  at: Date,
): Promise<EtlRun> {
  let run = await openRun(tx, customerId);
  if (run && at.getTime() - run.startedAt.getTime() >= receiveRunMs) {
    await endEtlRun(tx, run.id, { state: 'COMPLETED', at });
    run = undefined;
  }
  const details = { source: 'POST /v1/traces', requests: 0 };
  run ??= await beginEtlRun(tx, { customerId, job, details, at });
  const before = Number((run.details as typeof details).requests);
  return noteEtlProgress(tx, run.id, progress, { at, details: { requests: before + requests } });
}
