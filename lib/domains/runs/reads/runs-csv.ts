/** The list of runs as CSV: a line a run, secrets taken out of its error. */
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import { type ListedRun, listRuns } from '@/lib/domains/runs/reads/run-list';
import type { RunFilter } from '@/lib/domains/runs/reads/run-list-input';
import type { Ctx } from '@/lib/kernel/ctx';
import { type CsvValue, csvLine } from '@/lib/platform/csv';

const columns: Record<string, (run: ListedRun) => CsvValue> = {
  pipeline_logging_id: run => run.pipeline_logging_id,
  pipeline_id: run => run.pipeline_id,
  status: run => run.status,
  trigger_type: run => run.trigger_type,
  trigger_by: run => run.trigger_by,
  origin: run => run.origin,
  orchestrator: run => run.orchestrator,
  job_namespace: run => run.job_namespace,
  job_name: run => run.job_name,
  start_time: run => run.start_time,
  end_time: run => run.end_time,
  duration_ms: run => run.duration_ms,
  rows_processed: run => run.rows_processed,
  checks: run => run.check_count,
  checks_failed: run => run.checks_failed,
  api_key_id: run => run.api_key_id,
  rerun_of: run => run.rerun_of,
  error_message: run => run.error_message && maskSecrets(run.error_message),
};

/** Runs per read, so that memory stays bounded. */
const batchSize = 10_000;

/** The CSV of all runs the filter matches, newest first, a head line first, in pieces. Throws as listRuns. */
export async function* runsCsv(ctx: Ctx, filter: RunFilter): AsyncGenerator<string> {
  yield csvLine(Object.keys(columns));
  for (let after: string | undefined; ; ) {
    const page = await listRuns(ctx, { ...filter, limit: batchSize, ...(after ? { after } : {}) });
    const lines = page.rows.map(run => csvLine(Object.values(columns).map(cell => cell(run))));
    if (lines.length > 0) yield lines.join('');
    if (page.nextCursor === null) return;
    after = page.nextCursor;
  }
}
