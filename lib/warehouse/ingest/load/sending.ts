/** How a batch gets into its table, by the table's mode: rows added by a load job, or the latest rows by way of a stage. */
import type { JobFate } from '@/lib/platform/bigquery/bigquery-job';
import { settleJob } from '@/lib/platform/bigquery/bigquery-job';
import { runLoadJob } from '@/lib/platform/bigquery/load-job';
import type { Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import type { LoadContext } from '@/lib/warehouse/ingest/load/deps';
import { sendLatest } from '@/lib/warehouse/ingest/load/latest/send-latest';
import { withLoadedAt } from '@/lib/warehouse/ingest/load/loaded-at';
import type { Manifest } from '@/lib/warehouse/ingest/load/manifest';
import type { TableMode } from '@/lib/warehouse/ingest/spool/new-chunk';

export type Sending = {
  /** Names of the jobs in the order of sending; the last one has the effect. */
  steps: readonly string[];
  /** How many of them are load jobs. */
  loadJobs: number;
  /** Throws LoadRefusedError (no effect), or BigQueryUnavailableError when its fate is unknown. */
  send: (context: LoadContext, manifest: Manifest, prepared: Prepared) => Promise<void>;
};

async function sendRows(context: LoadContext, manifest: Manifest, prepared: Prepared): Promise<void> {
  const { dataset, tableName, jobIds } = manifest;
  const rows = withLoadedAt(prepared, context.clock());
  const [jobId = ''] = jobIds;
  await runLoadJob({ jobId, dataset, table: tableName, ...rows }, context.bigquery);
}

export const sendings: Record<TableMode, Sending> = {
  append: { steps: ['load'], loadJobs: 1, send: sendRows },
  latest: { steps: ['stage', 'merge'], loadJobs: 1, send: sendLatest },
};

/** What became of a load that somebody sent: that of its last job, which has the effect. */
export const settleLoad = (context: LoadContext, { jobIds }: Manifest): Promise<JobFate> =>
  settleJob(jobIds.at(-1) ?? '', context.bigquery);
