/** What the portal's process does once at its start and its end. */
import { flushKeyUses } from '@/lib/domains/keys/uses';
import { flushUsage } from '@/lib/domains/quotas/usage-counts';
import { waiters } from '@/lib/domains/runs/start/waiters';
import { exposeBacklogs } from '@/lib/edge/http/backlogs';
import { finishBeforeExit } from '@/lib/edge/http/drain';
import { guardServerOfNext } from '@/lib/edge/portal/guard';
import { registerAllJobs } from '@/lib/edge/worker/jobs';
import { closeDb } from '@/lib/platform/db';
import { EnvironmentError, env } from '@/lib/platform/env';
import { closeAnalyzer } from '@/lib/platform/sql-analyzer/analyze-sql';
import { closeIngestLogs } from '@/lib/warehouse/ingest/log/ingest-log';

/** Writes the counts of the last requests; each is kept in memory for a second or two. */
async function writeLastCounts(): Promise<void> {
  await Promise.all([flushKeyUses(), flushUsage()]);
  closeAnalyzer();
  await closeIngestLogs();
  await closeDb();
}

/** Checks the environment (exit 1 with every problem), measures for /metrics, and ends in order when told to stop. */
export function startPortal(): void {
  try {
    env();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  guardServerOfNext();
  exposeBacklogs();
  // Staff see the jobs and may run one from here.
  registerAllJobs();
  // Workers that wait for a run are answered when the drain begins, not when it is cut off.
  finishBeforeExit(writeLastCounts, { started: () => waiters().close() });
}
