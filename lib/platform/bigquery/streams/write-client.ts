/** The client of Storage Write streams; its package is loaded where a stream is written, as it takes 40 MB. */
import type { BigQueryWriteClient } from '@google-cloud/bigquery-storage';
import { env } from '@/lib/platform/env';
import { processWide } from '@/lib/platform/process-wide';

export type WriteClient = BigQueryWriteClient;

/** A client; with `url` it talks to a local BigQuery without credentials. */
export async function createWriteClient(options: {
  projectId: string;
  url?: string | undefined;
}): Promise<WriteClient> {
  const { projectId, url } = options;
  const { BigQueryWriteClient } = await import('@google-cloud/bigquery-storage');
  if (!url) return new BigQueryWriteClient({ projectId });
  const { credentials } = await import('@grpc/grpc-js');
  const { hostname, port } = new URL(url);
  return new BigQueryWriteClient({
    projectId,
    apiEndpoint: hostname,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    // Without any the client looks for some on this machine and in the network, although none are sent.
    credentials: { client_email: 'local', private_key: 'none' },
  });
}

/** The process's client. */
export const writeClient = (): Promise<WriteClient> =>
  processWide('bigquery-write', () =>
    createWriteClient({ projectId: env().GOOGLE_CLOUD_PROJECT, url: env().BIGQUERY_STORAGE_API_URL }),
  );

/** Whether streams can be written here: always on the service, and on a local BigQuery that has an address for them. */
export const hasWriteStreams = (): boolean =>
  env().BIGQUERY_API_URL === undefined || env().BIGQUERY_STORAGE_API_URL !== undefined;
