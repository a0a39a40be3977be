/** The worker's part in what machines send: consumers of the logs, the partitions they lie in, and what is loaded into BigQuery. */
import { agentIngest } from '@/lib/domains/agent-log/ingest';
import { agentConsumer } from '@/lib/domains/agent-log/process/agent-consumer';
import { eventIngest } from '@/lib/domains/events/ingest';
import { eventConsumer } from '@/lib/domains/events/process/process-entries';
import { receiptPartitions } from '@/lib/domains/events/receipts/partitions';
import { traceIngest } from '@/lib/domains/traces/ingest';
import { traceConsumer } from '@/lib/domains/traces/process/trace-consumer';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { env } from '@/lib/platform/env';
import { HealthProblem } from '@/lib/platform/http/health';
import { ingestBacklog } from '@/lib/warehouse/ingest/backlog';
import { forgetDiscards } from '@/lib/warehouse/ingest/evolve/discards/forget-discards';
import type { LoaderDeps } from '@/lib/warehouse/ingest/load/deps';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import { logNames } from '@/lib/warehouse/ingest/log/log';
import { logPartitions, type PartitionedTable, preparePartitions } from '@/lib/warehouse/ingest/log/partitions';
import { type Consumer, consumeOnce } from '@/lib/warehouse/ingest/spool/consume';
import type { IngestDefinition } from '@/lib/warehouse/ingest/table-spec';

/** Every consumer of a log. */
const consumers: readonly Consumer[] = [eventConsumer, traceConsumer, agentConsumer];

/** Every log whose rows are loaded. */
const definitions: readonly IngestDefinition[] = [eventIngest, traceIngest, agentIngest];

/** What the loader of this process works with. */
export const loaderDeps = (): LoaderDeps => ({ bigquery: bigquery(), definitions });

/** Every table that machines fill. */
const partitioned: readonly PartitionedTable[] = [logPartitions, receiptPartitions];

/** Entries that nobody has taken for longer than this mean that no consumer runs. */
const lateEntrySeconds = 60;
/** Quiet tables are loaded hourly; rows that wait for this long wait for something else. */
const lateRowSeconds = 7_200;
const hourMs = 3_600_000;

/** Takes what there is, without a pause while there is much: of little, each round would make chunks of a few rows. */
async function consumeAll(signal: AbortSignal): Promise<void> {
  const drain = async (consumer: Consumer) => {
    while (!signal.aborted && (await consumeOnce(consumer, { signal })).more);
  };
  await Promise.all(consumers.map(drain));
}

async function prepareAll(): Promise<void> {
  for (const of of partitioned) await preparePartitions(of, new Date());
}

async function dropSettledHours(): Promise<void> {
  const keepMs = env().INGEST_LOG_KEEP_HOURS * hourMs;
  for (const name of logNames) {
    const names = consumers.filter(({ log }) => log === name).map(consumer => consumer.name);
    if (names.length > 0) await ingestLog(name).drop(names, keepMs);
  }
}

/** Loops of the worker; each waits as long between its rounds. */
export const ingestLoops: { name: string; everyMs: number; run: (signal: AbortSignal) => Promise<unknown> }[] = [
  { name: 'consume what was taken', everyMs: 200, run: consumeAll },
  { name: 'make partitions ahead', everyMs: 300_000, run: prepareAll },
  { name: 'forget old discards', everyMs: hourMs, run: () => forgetDiscards() },
  { name: 'drop settled hours of the log', everyMs: 60_000, run: dropSettledHours },
];

/** What was taken moves on to BigQuery. */
export async function ingestMoves(): Promise<string> {
  const { log, spool } = await ingestBacklog();
  const message =
    `${log.entries} requests wait to be read, the oldest for ${Math.round(log.oldestSeconds)} s; ` +
    `${spool.rows} rows of ${spool.tables} tables wait to be loaded, the oldest for ${Math.round(spool.oldestSeconds)} s; ` +
    `${spool.blocked} tables cannot be written now`;
  if (log.oldestSeconds > lateEntrySeconds || spool.oldestSeconds > lateRowSeconds) throw new HealthProblem(message);
  return message;
}
