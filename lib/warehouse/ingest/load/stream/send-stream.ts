/** A batch by a stream of its own: appended, finalized, committed. Until the commit none of it is in the table, then all of it. */
import { BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { appendRows, commitStream, finalizeStream } from '@/lib/platform/bigquery/streams/pending-stream';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';
import type { Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import type { LoadContext } from '@/lib/warehouse/ingest/load/deps';
import { withLoadedAt } from '@/lib/warehouse/ingest/load/loaded-at';
import type { Manifest } from '@/lib/warehouse/ingest/load/manifest';
import { encodeRows } from '@/lib/warehouse/ingest/load/stream/encode-rows';

/** Throws LoadRefusedError (no effect), or BigQueryUnavailableError when the stream's fate is to be asked. */
export async function sendStream(context: LoadContext, manifest: Manifest, prepared: Prepared): Promise<void> {
  const started = performance.now();
  const [stream = ''] = manifest.jobIds;
  const { descriptor, slices, rows } = encodeRows(withLoadedAt(prepared, manifest.startedAt));
  const client = await context.streams();
  await appendRows(client, stream, descriptor, slices);
  await context.hooks.afterAppend?.();
  const kept = await finalizeStream(client, stream);
  // Whoever took this load for a dead process's has settled it meanwhile; the end of the load tells.
  if (kept === 'ended') return;
  if (kept !== rows) throw new BigQueryUnavailableError(`the stream ${stream} was closed with ${kept} of ${rows} rows`);
  await context.hooks.afterFinalize?.();
  await commitStream(client, stream);
  const durationMs = performance.now() - started;
  metrics().querySeconds.observe({ query: 'ingest/stream' }, durationMs / 1_000);
  log().debug({ stream, rows, durationMs }, 'bigquery stream');
}
