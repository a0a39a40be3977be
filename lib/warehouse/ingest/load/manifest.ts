/**
 * The manifest of a load in Postgres: written before anything is sent, ended once its fate is known. Each end takes effect
 * once, whoever comes late: it asks that the load is still SENDING.
 */
import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { db, type Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { recordDiscards } from '@/lib/warehouse/ingest/evolve/discards/record-discards';
import type { Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import { type Batch, namedPart, partName } from '@/lib/warehouse/ingest/load/batch';
import { chargeJobs, chargeStream } from '@/lib/warehouse/ingest/load/budget';
import { cutChunk } from '@/lib/warehouse/ingest/load/cut-chunk';
import type { LoadContext } from '@/lib/warehouse/ingest/load/deps';
import type { Carriage } from '@/lib/warehouse/ingest/load/sink';
import { settleChunks } from '@/lib/warehouse/ingest/spool/chunks';
import type { Target } from '@/lib/warehouse/ingest/spool/new-chunk';
import { ingestLoads } from '@/lib/warehouse/ingest/tables';

export type Manifest = typeof ingestLoads.$inferSelect;

/** A load that this process began was ended by another, which had the table's lock meanwhile. */
export class LostLoadError extends Error {
  override readonly name = 'LostLoadError';
}

/** Ids of a load's jobs: they follow from what it carries, so that nobody can send it under others. */
function jobIdsOf({ dataset, tableName }: Target, batch: Batch, loadId: string, steps: readonly string[]): string[] {
  const hash = createHash('sha256').update(JSON.stringify([dataset, tableName, batch.parts.map(partName), loadId]));
  const digest = hash.digest('hex').slice(0, 32);
  return steps.map(step => `tenantry_${step}_${digest}`);
}

const idsOf = (parts: readonly string[]) => sql.param(parts.map(part => namedPart(part).chunkId));

/** Takes the chunks for this load. Throws LostLoadError where another load has one of them. */
async function claim(tx: Tx, loadId: string, parts: readonly string[]): Promise<void> {
  const { rowCount } = await tx.execute(sql`
    UPDATE ingest_chunks SET load_id = ${loadId}
    WHERE chunk_id = ANY(${idsOf(parts)}::text[]) AND settled_at IS NULL AND load_id IS NULL`);
  if (rowCount !== parts.length) throw new LostLoadError('another load has taken some of these rows');
}

export type NewLoad = {
  carriage: Carriage;
  attempt: number;
  /** Values that the rows are loaded without; written down again, they count once. */
  discards: readonly Prepared['discards'][number][];
};

const charge = (tx: Tx, now: Date, carriage: Carriage, { jobsPerDay, streamBytesPerDay }: LoadContext['limits']) =>
  carriage.sink === 'stream'
    ? chargeStream(tx, now, carriage.bytes, streamBytesPerDay)
    : carriage.loadJobs > 0 && chargeJobs(tx, now, carriage.loadJobs, jobsPerDay);

/** Writes the manifest and charges what it sends. Throws JobBudgetSpentError, StreamBytesSpentError or LostLoadError; then nothing is written. */
export async function beginLoad(
  { clock, limits }: LoadContext,
  { dataset, tableName }: Target,
  batch: Batch,
  { carriage, attempt, discards }: NewLoad,
): Promise<Manifest> {
  const loadId = newId('load');
  const chunkIds = batch.parts.map(partName);
  const { sink } = carriage;
  const jobIds =
    sink === 'stream' ? [carriage.stream] : jobIdsOf({ dataset, tableName }, batch, loadId, carriage.steps);
  const startedAt = clock();
  const load = { loadId, dataset, tableName, state: 'SENDING', sink, jobIds, chunkIds, attempt, startedAt } as const;
  return db().transaction(async tx => {
    await claim(tx, loadId, chunkIds);
    const [manifest] = await tx
      .insert(ingestLoads)
      .values({ ...load, rows: batch.rows })
      .returning();
    await recordDiscards(tx, { target: { dataset, tableName }, discards: [...discards] }, clock);
    await charge(tx, startedAt, carriage, limits);
    return manifest as Manifest;
  });
}

/** The table's loads whose fate is not known, the oldest first. */
export const sendingLoads = ({ dataset, tableName }: Target): Promise<Manifest[]> =>
  db()
    .select()
    .from(ingestLoads)
    .where(
      and(eq(ingestLoads.dataset, dataset), eq(ingestLoads.tableName, tableName), eq(ingestLoads.state, 'SENDING')),
    )
    .orderBy(ingestLoads.startedAt);

/** Ends a load that is SENDING. Throws LostLoadError where it has ended. */
export async function endLoad(
  tx: Tx,
  { loadId }: Manifest,
  end: { state: 'LOADED' | 'FAILED'; endedAt: Date; error?: string },
): Promise<void> {
  const ended = await tx
    .update(ingestLoads)
    .set(end)
    .where(and(eq(ingestLoads.loadId, loadId), eq(ingestLoads.state, 'SENDING')))
    .returning({ loadId: ingestLoads.loadId });
  if (ended.length === 0) throw new LostLoadError(`the load ${loadId} was ended by another process`);
}

/** What the load carried is done with, loaded or set aside: whole chunks are settled, others keep the rows behind. */
export async function takeAway(tx: Tx, { loadId, chunkIds }: Pick<Manifest, 'loadId' | 'chunkIds'>): Promise<void> {
  const parts = chunkIds.map(namedPart);
  await settleChunks(
    tx,
    loadId,
    parts.filter(({ rows }) => rows === null).map(({ chunkId }) => chunkId),
  );
  for (const { chunkId, rows } of parts) if (rows !== null) await cutChunk(tx, chunkId, rows);
}

/** Gives the chunks of a load that had no effect back to whoever loads next. */
export const giveBack = (tx: Tx, { loadId }: Manifest): Promise<unknown> =>
  tx.execute(sql`UPDATE ingest_chunks SET load_id = NULL WHERE load_id = ${loadId} AND settled_at IS NULL`);
