/** Drops hours of the log in which every entry is settled. */
import { sql } from 'drizzle-orm';
import { db, type Tx } from '@/lib/platform/db';
import type { LogName } from '@/lib/warehouse/ingest/log/log';
import { dropPartition, listPartitions, logPartitions } from '@/lib/warehouse/ingest/log/partitions';
import { appenderName } from '@/lib/warehouse/ingest/log/shard-session';

/**
 * Whether a partition holds an entry that one of its consumers has not settled. The shards come from its index, the
 * positions behind the settled one too, so it costs the same for an hour of any size. Of other logs count the consumers on record.
 */
const unsettledIn = (partition: string, log: LogName, consumers: readonly string[]) => sql`
  WITH RECURSIVE shards AS (
    (SELECT log, shard FROM ${sql.identifier(partition)} ORDER BY log, shard LIMIT 1)
    UNION ALL
    SELECT next.log, next.shard FROM shards CROSS JOIN LATERAL (
      SELECT log, shard FROM ${sql.identifier(partition)} AS entry WHERE (entry.log, entry.shard) > (shards.log, shards.shard)
      ORDER BY log, shard LIMIT 1
    ) AS next
  ), settled AS (
    SELECT shards.log, shards.shard, coalesce(min(coalesce(ingest_positions.position, 0)), 0) AS position
    FROM shards
    LEFT JOIN LATERAL (
      SELECT consumer FROM unnest(${sql.param([...consumers])}::text[]) AS consumer WHERE shards.log = ${log}
      UNION ALL
      SELECT DISTINCT consumer FROM ingest_positions AS known
      WHERE known.log = shards.log AND shards.log <> ${log} AND consumer <> ${appenderName}
    ) AS wanted ON true
    LEFT JOIN ingest_positions USING (log, shard, consumer)
    GROUP BY shards.log, shards.shard
  )
  SELECT EXISTS (
    SELECT FROM settled WHERE EXISTS (
      SELECT FROM ${sql.identifier(partition)} AS entry
      WHERE entry.log = settled.log AND entry.shard = settled.shard AND entry.position > settled.position
    )
  ) AS unsettled`;

async function isSettled(tx: Pick<Tx, 'execute'>, log: LogName, consumers: readonly string[], name: string) {
  const { rows } = await tx.execute<{ unsettled: boolean }>(unsettledIn(name, log, consumers));
  return rows[0]?.unsettled === false;
}

/** Whoever appends next begins no earlier than what is gone, also where a clock went back: readers count on instants that grow. */
const rememberEnd = (tx: Tx, end: Date) =>
  tx.execute(sql`
    UPDATE ingest_positions SET updated_at = greatest(updated_at, ${end.toISOString()}::timestamptz)
    WHERE consumer = ${appenderName}`);

/**
 * Drops the hours that ended before `before` and that all these consumers have settled, as far as readers let it; answers
 * how many went. It looks twice: an append that was under way may have added to an hour that was over.
 */
export async function dropSettled(log: LogName, consumers: readonly string[], before: Date): Promise<number> {
  let dropped = 0;
  for (const partition of await listPartitions(logPartitions)) {
    const { name, to } = partition;
    if (to > before || !(await isSettled(db(), log, consumers, name))) continue;
    const outcome = await dropPartition(logPartitions, partition, async tx => {
      await rememberEnd(tx, to);
      return isSettled(tx, log, consumers, name);
    });
    if (outcome === 'busy') break;
    if (outcome === 'dropped') dropped += 1;
  }
  return dropped;
}
