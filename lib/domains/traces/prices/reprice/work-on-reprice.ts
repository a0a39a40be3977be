/** Carries out recomputes that were begun: by the process that was asked, else by a worker. */
import type { BigQuery } from '@google-cloud/bigquery';
import { and, eq } from 'drizzle-orm';
import { tenantDatasetOf } from '@/lib/domains/customers/datasets';
import type { RepriceReport } from '@/lib/domains/traces/prices/reprice/report';
import { repriceTraces } from '@/lib/domains/traces/prices/reprice/reprice';
import { detailsOf } from '@/lib/domains/traces/prices/reprice/reprice-run';
import { carryOutRun } from '@/lib/domains/traces/runs/carry-out-run';
import { noteEtlProgress, nothingMore } from '@/lib/domains/traces/runs/etl-runs';
import { type EtlRun, etlRuns } from '@/lib/domains/traces/tables';
import { type LockSession, openSession } from '@/lib/kernel/lock-session';
import { BigQueryUnavailableError, bigquery } from '@/lib/platform/bigquery/bigquery';
import { settleJob } from '@/lib/platform/bigquery/bigquery-job';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { log } from '@/lib/platform/log';
import { tableKey } from '@/lib/warehouse/ingest/spool/new-chunk';
import { raiseTableVersions } from '@/lib/warehouse/ingest/table-versions';

type Options = {
  clock?: Clock;
  client?: BigQuery;
  /** How long a load of the table is waited for. */
  lockWaitMs?: number;
};

type Work = { clock: Clock; client: BigQuery };

async function runningReprice(id: number): Promise<EtlRun | null> {
  const running = and(eq(etlRuns.id, id), eq(etlRuns.state, 'RUNNING'), eq(etlRuns.job, 'reprice-traces'));
  const [run] = await db().select().from(etlRuns).where(running);
  return run ?? null;
}

/** Notes the job before it is sent, once the one before it cannot have an effect any more. */
async function nextJob(run: EtlRun, client: BigQuery, at: Date): Promise<string> {
  const { job_id: earlier } = detailsOf(run);
  if (earlier) await settleJob(earlier, client);
  const jobId = `reprice_${newUuid()}`;
  await db().transaction(tx => noteEtlProgress(tx, run.id, nothingMore, { at, details: { job_id: jobId } }));
  return jobId;
}

function carryOut(run: EtlRun, dataset: string, { clock, client }: Work): Promise<RepriceReport> {
  const { customerId } = run;
  const { from, to } = detailsOf(run);
  const alongWith = async (tx: Tx, report: RepriceReport, at: Date) => {
    await noteEtlProgress(tx, run.id, { ...nothingMore, rows: report.changed }, { at, details: { report } });
    await raiseTableVersions(tx, ['tenant.session_details'], customerId);
  };
  // Where BigQuery is away a worker tries again.
  const leavesRunning = (error: unknown) => error instanceof BigQueryUnavailableError;
  return carryOutRun(run.id, { clock, alongWith, leavesRunning }, async () => {
    const jobId = await nextJob(run, client, clock());
    return repriceTraces({ bigquery: client, clock, customerId, dataset, period: { from, to }, jobId });
  });
}

async function workUnderLock(id: number, session: LockSession, options: Work): Promise<void> {
  // Read under the lock: another process may have ended it meanwhile.
  const run = await runningReprice(id);
  const dataset = run && (await tenantDatasetOf(run.customerId));
  if (!run || !dataset || !session.alive()) return;
  await carryOut(run, dataset, options).catch((error: unknown) => {
    if (error instanceof BigQueryUnavailableError) throw error;
    log().warn({ err: error, etlRun: id }, 'a recompute has failed');
  });
}

/**
 * Carries out one recompute and notes its end; one that has ended is left alone, as is one whose table is being loaded for
 * long. Throws BigQueryUnavailableError, after which it may be called again.
 */
export async function workOnReprice(id: number, options: Options = {}): Promise<void> {
  const { clock = systemClock, client = bigquery(), lockWaitMs = 30_000 } = options;
  const run = await runningReprice(id);
  const dataset = run && (await tenantDatasetOf(run.customerId));
  if (!dataset) return;
  const session = await openSession('ingestTable');
  try {
    if (await session.lockWithin(tableKey({ dataset, tableName: 'sessions' }), lockWaitMs))
      await workUnderLock(id, session, { clock, client });
  } finally {
    await session.close();
  }
}

/** Goes on with recomputes that nobody works on; answers how many there were, and how many could not be done now. */
export async function workOnReprices(options: Options = {}): Promise<{ waiting: number; postponed: number }> {
  const running = and(eq(etlRuns.state, 'RUNNING'), eq(etlRuns.job, 'reprice-traces'));
  const runs = await db().select({ id: etlRuns.id }).from(etlRuns).where(running).orderBy(etlRuns.id);
  let postponed = 0;
  for (const { id } of runs) {
    await workOnReprice(id, options).catch(error => {
      if (!(error instanceof BigQueryUnavailableError)) throw error;
      postponed += 1;
    });
  }
  return { waiting: runs.length, postponed };
}
