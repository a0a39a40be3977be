/** How far consumers have come in the shards of a log. */
import { and, eq, sql } from 'drizzle-orm';
import { db, type Tx } from '@/lib/platform/db';
import type { LogName } from '@/lib/warehouse/ingest/log/log';
import { ingestPositions } from '@/lib/warehouse/ingest/tables';

/** A consumer's place in one shard. */
export type ShardOf = { log: LogName; shard: number; consumer: string };

/** Up to which position the consumer has done everything; 0 before its first. */
export async function readPosition({ log, shard, consumer }: ShardOf, tx: Pick<Tx, 'select'> = db()): Promise<number> {
  const [row] = await tx
    .select({ position: ingestPositions.position })
    .from(ingestPositions)
    .where(and(eq(ingestPositions.log, log), eq(ingestPositions.shard, shard), eq(ingestPositions.consumer, consumer)));
  return row?.position ?? 0;
}

/** Moves it on in the transaction of what was done. Throws where it does not stand at `from` any more: somebody else did that work. */
export async function movePosition(tx: Tx, { log, shard, consumer }: ShardOf, from: number, to: number): Promise<void> {
  const { rowCount } = await tx.execute(sql`
    INSERT INTO ingest_positions AS kept (log, shard, consumer, position) VALUES (${log}, ${shard}, ${consumer}, ${to})
    ON CONFLICT (log, shard, consumer) DO UPDATE SET position = excluded.position, updated_at = excluded.updated_at
    WHERE kept.position = ${from}`);
  if (rowCount !== 1) throw new Error(`${consumer} has moved on in shard ${shard} of ${log} meanwhile`);
}
