/** A connection that holds a shard of the log and writes to it: as long as it lives, nobody else appends there. */
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { lockSpaces } from '@/lib/kernel/locks';
import type { Clock } from '@/lib/platform/clock';
import { dedicatedClient } from '@/lib/platform/db';
import { AppError, isRefusedValue, isUniqueViolation } from '@/lib/platform/errors';
import { copyRows, copyStatement, type EntrySizes } from '@/lib/warehouse/ingest/log/copy-rows';
import type { LogName, NewEntry } from '@/lib/warehouse/ingest/log/log';

/** Stands in `ingest_positions` for a shard's appender, so that the shard is known; it settles nothing. */
export const appenderName = '(appender)';

export type SessionOptions = {
  /** Shards there are; a session takes the first free one. */
  shards: number;
  /** DATABASE_URL unless a test names its own. */
  connectionString?: string;
  /** Postgres' own clock unless a test names another. */
  clock?: Clock;
  /** Longest that Postgres may take to answer; the connection is then taken for dead. */
  answerWithinMs: number;
};

export type ShardSession = {
  readonly shard: number;
  /** False once the connection is gone, and the shard with it. */
  alive: () => boolean;
  /**
   * Writes the entries in one transaction and answers their positions once it is committed. Throws Postgres' error where
   * it refused what they hold, and none of them is there; any other error ends the session, and then they may or may not be there.
   */
  write: (entries: readonly { entry: NewEntry; sizes: EntrySizes }[]) => Promise<number[]>;
  close: () => Promise<void>;
};

async function takeShard(client: pg.Client, log: LogName, shards: number): Promise<number> {
  for (let shard = 0; shard < shards; shard++) {
    const sql = 'SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked';
    const { rows } = await client.query<{ locked: boolean }>(sql, [lockSpaces.ingestAppender, `${log}:${shard}`]);
    if (rows[0]?.locked) return shard;
  }
  throw new AppError('database_unavailable', 'Too many processes take events. Send again shortly.', {
    retryAfterSeconds: 5,
    cause: new Error(`none of the ${shards} shards of the log ${log} is free; raise INGEST_SHARDS`),
  });
}

type End = { position: number; appendedMs: number; nowMs: number };

/** The last place and instant that were ever given in the shard, and Postgres' time; read while the shard is held, so nobody adds to it. */
async function endOf(client: pg.Client, log: LogName, shard: number): Promise<End> {
  const registered = `INSERT INTO ingest_positions (log, shard, consumer, position) VALUES ($1, $2, $3, 0)
    ON CONFLICT DO NOTHING`;
  await client.query(registered, [log, shard, appenderName]);
  const { rows } = await client.query<{ position: string; appended_ms: string; now_ms: string }>(
    `SELECT greatest(last.position, (SELECT max(position) FROM ingest_positions WHERE log = $1 AND shard = $2)) AS position,
       extract(epoch FROM greatest(last.appended_at, (
         SELECT updated_at FROM ingest_positions WHERE log = $1 AND shard = $2 AND consumer = $3
       ))) * 1000 AS appended_ms,
       extract(epoch FROM clock_timestamp()) * 1000 AS now_ms
     FROM (SELECT) AS one LEFT JOIN LATERAL (
       SELECT position, appended_at FROM ingest_log WHERE log = $1 AND shard = $2 ORDER BY position DESC LIMIT 1
     ) AS last ON true`,
    [log, shard, appenderName],
  );
  const [end] = rows;
  if (!end) throw new Error('Postgres answered no end of the shard');
  return { position: Number(end.position), appendedMs: Number(end.appended_ms), nowMs: Number(end.now_ms) };
}

/** Instants that never go back, neither within a session nor behind what the shard holds: readers choose partitions by that. */
function growingClock({ appendedMs, nowMs }: End, clock: Clock | undefined): Clock {
  const openedMs = performance.now();
  let lastMs = appendedMs;
  return () => {
    const ms = clock ? clock().getTime() : nowMs + performance.now() - openedMs;
    lastMs = Math.max(lastMs, Math.floor(ms));
    return new Date(lastMs);
  };
}

function copy(client: pg.Client, rows: Buffer, answerWithinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = client.query(copyFrom(copyStatement));
    const late = setTimeout(() => reject(new Error(`no answer within ${answerWithinMs} ms`)), answerWithinMs);
    const end = (error?: Error) => {
      clearTimeout(late);
      if (error) reject(error);
      else resolve();
    };
    // `finish` comes with ReadyForQuery, which is after the commit.
    stream.on('error', end).on('finish', () => end());
    stream.end(rows);
  });
}

/** Opens a connection and takes a shard. Throws AppError database_unavailable where none is free, or why Postgres is away. */
export async function openShard(log: LogName, options: SessionOptions): Promise<ShardSession> {
  const client = await dedicatedClient(options.connectionString);
  let alive = true;
  const close = async () => {
    alive = false;
    await client.end().catch(() => undefined);
  };
  for (const gone of ['end', 'error'] as const)
    client.on(gone, () => {
      alive = false;
    });
  try {
    const shard = await takeShard(client, log, options.shards);
    const end = await endOf(client, log, shard);
    const now = growingClock(end, options.clock);
    let last = end.position;
    return {
      shard,
      alive: () => alive,
      write: async entries => {
        const placed = entries.map((entry, index) => ({ ...entry, position: last + 1 + index }));
        try {
          await copy(client, copyRows(log, shard, now(), placed), options.answerWithinMs);
        } catch (error) {
          if (!isRefusedValue(error) || isUniqueViolation(error)) void close();
          throw error;
        }
        last += entries.length;
        return placed.map(({ position }) => position);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
