/** Drops hours of the log in which every entry is settled. */
import { pool } from '@/lib/platform/db';
import type { LogName } from '@/lib/warehouse/ingest/log/log';
import { dropPartition, listPartitions, logPartitions, type Partition } from '@/lib/warehouse/ingest/log/partitions';
import { appenderName } from '@/lib/warehouse/ingest/log/shard-session';

/**
 * Whether a partition holds an entry that one of its consumers has not settled. The shards come from its index, the
 * positions behind the settled one too, so it costs the same for an hour of any size. Of other logs count the consumers on record.
 */
const unsettledIn = (partition: string) => `
  WITH RECURSIVE shards AS (
    (SELECT log, shard FROM ${partition} ORDER BY log, shard LIMIT 1)
    UNION ALL
    SELECT next.log, next.shard FROM shards CROSS JOIN LATERAL (
      SELECT log, shard FROM ${partition} AS entry WHERE (entry.log, entry.shard) > (shards.log, shards.shard)
      ORDER BY log, shard LIMIT 1
    ) AS next
  ), settled AS (
    SELECT shards.log, shards.shard, coalesce(min(coalesce(ingest_positions.position, 0)), 0) AS position
    FROM shards
    LEFT JOIN LATERAL (
      SELECT consumer FROM unnest($2::text[]) AS consumer WHERE shards.log = $1
      UNION ALL
      SELECT DISTINCT consumer FROM ingest_positions AS known
      WHERE known.log = shards.log AND shards.log <> $1 AND consumer <> $3
    ) AS wanted ON true
    LEFT JOIN ingest_positions USING (log, shard, consumer)
    GROUP BY shards.log, shards.shard
  )
  SELECT EXISTS (
    SELECT FROM settled WHERE EXISTS (
      SELECT FROM ${partition} AS entry
      WHERE entry.log = settled.log AND entry.shard = settled.shard AND entry.position > settled.position
    )
  ) AS unsettled`;

async function isSettled(log: LogName, consumers: readonly string[], { name }: Partition): Promise<boolean> {
  const { rows } = await pool().query<{ unsettled: boolean }>(unsettledIn(name), [log, consumers, appenderName]);
  return rows[0]?.unsettled === false;
}

/** Drops the hours that ended before `before` and that all these consumers have settled, as far as readers let it; answers how many went. */
export async function dropSettled(log: LogName, consumers: readonly string[], before: Date): Promise<number> {
  let dropped = 0;
  for (const partition of await listPartitions(logPartitions)) {
    if (partition.to > before || !(await isSettled(log, consumers, partition))) continue;
    if (!(await dropPartition(logPartitions, partition))) break;
    dropped += 1;
  }
  return dropped;
}
