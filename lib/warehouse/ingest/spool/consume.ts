/**
 * Takes entries of a log in order and writes what a domain makes of them together with the position, so that every entry
 * takes effect once, wherever a crash falls. Source: docs/architecture.md, Ingest.
 */
import { sql } from 'drizzle-orm';
import { lockSpaces } from '@/lib/kernel/locks';
import { db, type Tx } from '@/lib/platform/db';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import type { Entry, IngestLog, LogName, ReadLimits } from '@/lib/warehouse/ingest/log/log';
import type { NewChunk } from '@/lib/warehouse/ingest/spool/new-chunk';
import { movePosition, readPosition, type ShardOf } from '@/lib/warehouse/ingest/spool/positions';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';

export type Consumer = {
  log: LogName;
  /** Under which its positions are kept. */
  name: string;
  /** What the entries of one shard come to. It writes nothing but by `tx`, and throws only what a retry may mend: until then the shard waits. */
  run: (tx: Tx, entries: Entry[]) => Promise<NewChunk[]>;
};

/** What one transaction takes: few enough that it ends well within Postgres' time for one. */
const limits: ReadLimits = { entries: 2_000, bytes: 8 * 1_048_576 };
/** Shards at once: while one is written, another is computed. */
const shardsAtOnce = 2;

/** A consumer of a log; all of them stand in lib/edge/worker/ingest.ts. */
export const defineConsumer = (definition: Consumer): Consumer => definition;

async function isAlone(tx: Tx, { log, shard, consumer }: ShardOf): Promise<boolean> {
  const key = `${log}:${consumer}:${shard}`;
  const { rows } = await tx.execute<{ locked: boolean }>(
    sql`SELECT pg_try_advisory_xact_lock(${lockSpaces.ingestConsumer}, hashtext(${key})) AS locked`,
  );
  return rows[0]?.locked === true;
}

export type Round = {
  entries: number;
  /** Whether some shard gave about as much as a transaction takes, so that it is worth while to go on at once. */
  more: boolean;
};

const nothing: Round = { entries: 0, more: false };

function roundOf(entries: readonly Entry[]): Round {
  const signs = entries.reduce((sum, { body }) => sum + body.length, 0);
  return { entries: entries.length, more: entries.length >= limits.entries / 2 || signs >= limits.bytes / 2 };
}

/** The next entries of one shard; nothing where there are none or another process is at them. */
async function consumeShard({ run, name, log: logName }: Consumer, log: IngestLog, shard: number): Promise<Round> {
  const of: ShardOf = { log: logName, shard, consumer: name };
  // A look without a transaction first: most looks find nothing.
  const waiting = await log.read(shard, await readPosition(of), { entries: 1, bytes: 1 });
  if (waiting.length === 0) return nothing;
  return db().transaction(async tx => {
    if (!(await isAlone(tx, of))) return nothing;
    const position = await readPosition(of, tx);
    const entries = await log.read(shard, position, limits);
    const last = entries.at(-1);
    if (!last) return nothing;
    await writeChunks(tx, await run(tx, entries));
    await movePosition(tx, of, position, last.position);
    return roundOf(entries);
  });
}

/** Whether the consumer has done everything that was appended until then. */
export async function hasConsumed({ log: logName, name }: Consumer, until: Date): Promise<boolean> {
  const log = ingestLog(logName);
  for (const shard of await log.shards()) {
    const position = await readPosition({ log: logName, shard, consumer: name });
    const [next] = await log.read(shard, position, { entries: 1, bytes: 1 });
    if (next && next.appendedAt <= until) return false;
  }
  return true;
}

/**
 * Takes what the limits of a transaction allow from every shard that no other process is at; answers how many entries that was.
 * Where a shard fails the others go on, and then its error is thrown.
 */
export async function consumeOnce(consumer: Consumer, { signal }: { signal?: AbortSignal } = {}): Promise<Round> {
  const log = ingestLog(consumer.log);
  const left = await log.shards();
  const errors: unknown[] = [];
  const total = { ...nothing };
  const worker = async () => {
    for (let shard = left.shift(); shard !== undefined && !signal?.aborted; shard = left.shift()) {
      try {
        const { entries, more } = await consumeShard(consumer, log, shard);
        total.entries += entries;
        total.more ||= more;
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: shardsAtOnce }, worker));
  if (errors.length > 0) throw errors[0];
  return total;
}
