/** The ways in which a batch reaches its table: rows added by a load job or a stream, or the latest rows merged. */
import { type JobFate, settleJob } from '@/lib/platform/bigquery/bigquery-job';
import { runLoadJob } from '@/lib/platform/bigquery/load-job';
import { createStream } from '@/lib/platform/bigquery/streams/pending-stream';
import type { Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import type { LoadContext } from '@/lib/warehouse/ingest/load/deps';
import { planMergeRows } from '@/lib/warehouse/ingest/load/latest/merge-rows';
import { sendLatest } from '@/lib/warehouse/ingest/load/latest/send-latest';
import { withLoadedAt } from '@/lib/warehouse/ingest/load/loaded-at';
import type { Manifest } from '@/lib/warehouse/ingest/load/manifest';
import type { SendPlan } from '@/lib/warehouse/ingest/load/send-plan';
import type { Sending } from '@/lib/warehouse/ingest/load/sending-type';
import type { Sink } from '@/lib/warehouse/ingest/load/sink';
import { sendStream } from '@/lib/warehouse/ingest/load/stream/send-stream';
import { settleStream } from '@/lib/warehouse/ingest/load/stream/settle-stream';
import type { TableMode } from '@/lib/warehouse/ingest/spool/new-chunk';
import type { IngestDefinition } from '@/lib/warehouse/ingest/table-spec';

async function sendRows(context: LoadContext, manifest: Manifest, prepared: Prepared): Promise<void> {
  const { dataset, tableName, jobIds, startedAt } = manifest;
  const rows = withLoadedAt(prepared, startedAt);
  const [jobId = ''] = jobIds;
  await runLoadJob({ jobId, dataset, table: tableName, ...rows }, context.bigquery);
}

const byLoadJob = (prepared: Prepared): SendPlan => ({
  carriage: { sink: 'load_job', steps: ['load'], loadJobs: 1 },
  linesAreSpooled: true,
  send: (context, manifest) => sendRows(context, manifest, prepared),
});

/** Makes the stream: it has no rows and no effect, and its name can stand in the manifest before it gets any. */
async function byStream(context: LoadContext, prepared: Prepared): Promise<SendPlan> {
  const { dataset, tableName: table } = prepared.target;
  const stream = await createStream(await context.streams(), { dataset, table });
  return {
    carriage: { sink: 'stream', stream, bytes: Buffer.byteLength(prepared.ndjson) },
    linesAreSpooled: true,
    send: (context, manifest) => sendStream(context, manifest, prepared),
  };
}

const byStage = (prepared: Prepared): SendPlan => ({
  carriage: { sink: 'load_job', steps: ['stage', 'merge'], loadJobs: 1 },
  linesAreSpooled: false,
  send: (context, manifest) => sendLatest(context, manifest, prepared),
});

/** Fixed tables are written as their domain says. */
const byOwnWay = ({ steps, loadJobs, linesAreSpooled = false, send }: Sending, prepared: Prepared): SendPlan => ({
  carriage: { sink: 'load_job', steps, loadJobs },
  linesAreSpooled,
  send: (context, manifest) => send(context, manifest, prepared),
});

/** How the batch is sent. Latest rows go by load jobs whatever the sink: what merges them is one statement either way. */
export async function planSending(
  context: LoadContext,
  { mode, definition, sink }: { mode: TableMode; definition: IngestDefinition; sink: Sink },
  prepared: Prepared,
): Promise<SendPlan> {
  if ('keyed' in definition) return byOwnWay(definition.keyed(prepared.target.tableName), prepared);
  if (mode === 'latest') return definition.managesTables() ? byStage(prepared) : planMergeRows(prepared);
  return sink === 'stream' ? await byStream(context, prepared) : byLoadJob(prepared);
}

/**
 * What became of a load that somebody sent: that of its stream, or of its last job. Jobs before it are settled first, so that none
 * of them is still on its way when the rows are sent again.
 */
export async function settleLoad(context: LoadContext, manifest: Manifest): Promise<JobFate> {
  if (manifest.sink === 'stream') return await settleStream(context, manifest);
  let fate: JobFate = 'never_ran';
  for (const jobId of manifest.jobIds) fate = await settleJob(jobId, context.bigquery);
  return fate;
}
