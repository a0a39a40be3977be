/** How a batch gets into its table, by the table's mode: rows added by a load job, or the latest rows by way of a stage. */
import type { JobFate } from '@/lib/platform/bigquery/bigquery-job';
import { settleJob } from '@/lib/platform/bigquery/bigquery-job';
import { runLoadJob } from '@/lib/platform/bigquery/load-job';
import type { Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import { sendLatest } from '@/lib/warehouse/ingest/load/latest/send-latest';
import { withLoadedAt } from '@/lib/warehouse/ingest/load/loaded-at';
import type { Manifest } from '@/lib/warehouse/ingest/load/manifest';
import type { SendContext, Sending } from '@/lib/warehouse/ingest/load/sending-type';
import type { TableMode } from '@/lib/warehouse/ingest/spool/new-chunk';
import type { IngestDefinition } from '@/lib/warehouse/ingest/table-spec';

async function sendRows(context: SendContext, manifest: Manifest, prepared: Prepared): Promise<void> {
  const { dataset, tableName, jobIds } = manifest;
  const rows = withLoadedAt(prepared, context.clock());
  const [jobId = ''] = jobIds;
  await runLoadJob({ jobId, dataset, table: tableName, ...rows }, context.bigquery);
}

const sendings: Record<Exclude<TableMode, 'keyed'>, Sending> = {
  append: { steps: ['load'], loadJobs: 1, send: sendRows },
  latest: { steps: ['stage', 'merge'], loadJobs: 1, send: sendLatest },
};

/** How batches of the table are sent. */
export function sendingOf(definition: IngestDefinition, mode: TableMode): Sending {
  if (mode !== 'keyed') return sendings[mode];
  if (!('keyed' in definition)) throw new Error(`the log ${definition.log} has no keyed tables`);
  return definition.keyed;
}

/**
 * What became of a load that somebody sent: that of its last job. Those before it are settled first, so that none of them is
 * still on its way when the rows are sent again.
 */
export async function settleLoad(context: SendContext, { jobIds }: Manifest): Promise<JobFate> {
  let fate: JobFate = 'never_ran';
  for (const jobId of jobIds) fate = await settleJob(jobId, context.bigquery);
  return fate;
}
