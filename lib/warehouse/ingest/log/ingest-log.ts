/** The process's ingest logs. */
import { forgetProcessWide, processWide } from '@/lib/platform/process-wide';
import { type IngestLog, type LogName, logNames } from '@/lib/warehouse/ingest/log/log';
import { postgresLog } from '@/lib/warehouse/ingest/log/postgres-log';

const keyOf = (name: LogName) => `ingest-log-${name}`;

/** The log of that name. It takes a shard at its first append; reading needs none. */
export const ingestLog = (name: LogName): IngestLog => processWide(keyOf(name), () => postgresLog(name));

/** Lets what is under way be written and gives up the shards; part of a drain, before closeDb(). */
export async function closeIngestLogs(): Promise<void> {
  await Promise.all(
    logNames.map(async name => {
      await ingestLog(name).close();
      forgetProcessWide(keyOf(name));
    }),
  );
}
