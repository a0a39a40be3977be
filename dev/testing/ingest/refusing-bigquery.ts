/** A local BigQuery that refuses what the service refuses, by its REST API and its streams, and clients of both. */
import { RefusingProxy } from '@/dev/doubles/warehouse/refusing-proxy';
import { RefusingStreams } from '@/dev/doubles/warehouse/refusing-streams';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { createWriteClient, type WriteClient } from '@/lib/platform/bigquery/streams/write-client';
import { env } from '@/lib/platform/env';

export type RefusingBigQuery = {
  /** Tells both what to refuse. */
  proxy: RefusingProxy;
  streams: RefusingStreams;
  /** What a loader needs to talk to them. */
  clients: { bigquery: ReturnType<typeof createBigQuery>; streams: () => Promise<WriteClient> };
  /** All is well again. */
  reset: () => void;
  close: () => Promise<void>;
};

/** Starts it on loopback. */
export async function refusingBigQuery(): Promise<RefusingBigQuery> {
  const projectId = env().GOOGLE_CLOUD_PROJECT;
  const proxy = new RefusingProxy(env().BIGQUERY_API_URL ?? '');
  const streams = new RefusingStreams(env().BIGQUERY_STORAGE_API_URL ?? '', proxy);
  const bigquery = createBigQuery({ projectId, apiUrl: await proxy.listen() });
  const writer = await createWriteClient({ projectId, url: await streams.listen() });
  return {
    proxy,
    streams,
    clients: { bigquery, streams: async () => writer },
    reset: () => {
      proxy.faults.length = 0;
      proxy.loads.length = 0;
      proxy.jobsLeft = Number.POSITIVE_INFINITY;
      proxy.propagationMs = 0;
      proxy.down = false;
      proxy.poison = null;
      streams.commitsLost = 0;
    },
    close: async () => {
      await writer.close();
      streams.close();
      proxy.close();
    },
  };
}
