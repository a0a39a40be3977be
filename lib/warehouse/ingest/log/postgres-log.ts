/** The ingest log in Postgres: one appender a shard, so that positions are the order of commits. */
import { type Clock, systemClock } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { log as logger } from '@/lib/platform/log';
import { Appender } from '@/lib/warehouse/ingest/log/appender';
import { dropSettled } from '@/lib/warehouse/ingest/log/drop-settled';
import type { IngestLog, LogName } from '@/lib/warehouse/ingest/log/log';
import { logPartitions, preparePartitions } from '@/lib/warehouse/ingest/log/partitions';
import { EntryReader } from '@/lib/warehouse/ingest/log/read-entries';
import { openShard, type SessionOptions } from '@/lib/warehouse/ingest/log/shard-session';

export type PostgresLogOptions = Partial<SessionOptions> & {
  batchBytes?: number;
  waitingBytes?: number;
  reopenMs?: number;
};

const mebibyte = 1_048_576;
/** A commit beyond this size makes the next one wait for longer than it gains. */
const batchBytes = 8 * mebibyte;
const waitingBytes = 64 * mebibyte;
const answerWithinMs = 15_000;
const reopenMs = 250;
/** How often an appender sees to it that the next hours have partitions, should no worker run. */
const prepareEveryMs = 30 * 60_000;

/** Rows without a partition go to the default one, so a failure here stops nobody. */
async function prepareHours(clock: Clock): Promise<void> {
  await preparePartitions(logPartitions, clock()).catch(error =>
    logger().warn({ err: error }, 'the next hours of the ingest log have no partitions yet'),
  );
}

/** A log of that name; ingestLog() has the one of the process. */
export function postgresLog(name: LogName, options: PostgresLogOptions = {}): IngestLog {
  const clock = options.clock ?? systemClock;
  let preparing: NodeJS.Timeout | undefined;
  const appender = new Appender({
    open: async () => {
      await prepareHours(clock);
      preparing ??= setInterval(() => void prepareHours(clock), prepareEveryMs).unref();
      return openShard(name, { answerWithinMs, shards: env().INGEST_SHARDS, ...options });
    },
    batchBytes: options.batchBytes ?? batchBytes,
    waitingBytes: options.waitingBytes ?? waitingBytes,
    reopenMs: options.reopenMs ?? reopenMs,
  });
  const reader = new EntryReader(name);
  return {
    name,
    append: entry => appender.append(entry),
    shards: () => reader.shards(),
    read: (shard, after, limits) => reader.read(shard, after, limits),
    find: place => reader.find(place),
    drop: (consumers, keepMs) => dropSettled(name, consumers, new Date(clock().getTime() - keepMs)),
    close: async () => {
      clearInterval(preparing);
      await appender.close();
    },
  };
}
