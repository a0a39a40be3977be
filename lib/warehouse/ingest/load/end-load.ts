/** What a load's end means in Postgres, each in one transaction: its rows are there, it had no effect, or they are set aside. */
import { and, eq, sql } from 'drizzle-orm';
import { db, type Tx } from '@/lib/platform/db';
import { metrics } from '@/lib/platform/metrics';
import type { Prepared } from '@/lib/warehouse/ingest/evolve/prepared';
import type { Batch } from '@/lib/warehouse/ingest/load/batch';
import { replaceRows } from '@/lib/warehouse/ingest/load/cut-chunk';
import { deadRowsOf, setAside } from '@/lib/warehouse/ingest/load/dead-rows';
import type { LoadContext } from '@/lib/warehouse/ingest/load/deps';
import { rateAfter } from '@/lib/warehouse/ingest/load/due';
import { beginLoad, endLoad, giveBack, type Manifest, takeAway } from '@/lib/warehouse/ingest/load/manifest';
import { settleChunks, type WaitingTable } from '@/lib/warehouse/ingest/spool/chunks';
import { raiseTableVersions } from '@/lib/warehouse/ingest/table-versions';
import { ingestTables } from '@/lib/warehouse/ingest/tables';

export type LoadedTable = Pick<WaitingTable, 'log' | 'dataset' | 'tableName' | 'customerId'>;

/** The table's figures after a load. */
async function count(tx: Tx, { dataset, tableName }: LoadedTable, rows: number, at: Date): Promise<void> {
  const ofTable = and(eq(ingestTables.dataset, dataset), eq(ingestTables.tableName, tableName));
  const [known] = await tx
    .select({
      rowsPerHour: ingestTables.rowsPerHour,
      lastLoadedAt: ingestTables.lastLoadedAt,
      firstSeenAt: ingestTables.firstSeenAt,
    })
    .from(ingestTables)
    .where(ofTable)
    .for('update');
  if (!known) return;
  await tx
    .update(ingestTables)
    .set({
      rowsPerHour: rateAfter(known, rows, at),
      rowsLoaded: sql`${ingestTables.rowsLoaded} + ${rows}`,
      lastLoadedAt: at,
      blockedReason: null,
      blockedUntil: null,
      attempts: 0,
    })
    .where(ofTable);
}

/** The load took effect: its rows are in the table. Throws LostLoadError where another process said so before. */
export async function finishLoad(context: LoadContext, table: LoadedTable, manifest: Manifest): Promise<void> {
  const endedAt = context.clock();
  await db().transaction(async tx => {
    await endLoad(tx, manifest, { state: 'LOADED', endedAt });
    await takeAway(tx, manifest);
    await count(tx, table, manifest.rows, endedAt);
    const definition = context.definitions.find(({ log }) => log === table.log);
    await raiseTableVersions(tx, definition?.versionsOf(table.tableName) ?? [], table.customerId);
  });
  metrics().loads.inc({ outcome: 'loaded' });
  metrics().loadedRows.inc(manifest.rows);
}

/** The load had no effect; its rows wait again. */
export async function failLoad(context: LoadContext, manifest: Manifest, error: string): Promise<void> {
  await db().transaction(async tx => {
    await endLoad(tx, manifest, { state: 'FAILED', endedAt: context.clock(), error });
    await giveBack(tx, manifest);
  });
  metrics().loads.inc({ outcome: 'failed' });
}

/** The load had no effect and never will: its rows are set aside with BigQuery's words. */
export async function setLoadAside(
  context: LoadContext,
  table: LoadedTable,
  { manifest, batch, error }: { manifest: Manifest; batch: Batch; error: string },
): Promise<void> {
  const dead = batch.parts.flatMap(part => deadRowsOf(part.ndjson, error));
  await db().transaction(async tx => {
    await endLoad(tx, manifest, { state: 'FAILED', endedAt: context.clock(), error });
    await takeAway(tx, manifest);
    await setAside(tx, table, manifest.loadId, dead);
  });
  metrics().loads.inc({ outcome: 'failed' });
  metrics().deadRows.inc(dead.length);
}

/**
 * Sets rows aside that were refused before anything was sent: those of `refused` by their text, the whole batch where it is
 * a string. A load without jobs stands for it.
 */
export async function setRowsAside(
  context: LoadContext,
  table: LoadedTable,
  batch: Batch,
  refused: string | Prepared['refused'],
): Promise<void> {
  const none = { carriage: { sink: 'load_job', steps: [], loadJobs: 0 }, attempt: 0, discards: [] } as const;
  const manifest = await beginLoad(context, table, batch, none);
  const error = typeof refused === 'string' ? refused : (refused[0]?.error ?? '');
  if (typeof refused === 'string') return setLoadAside(context, table, { manifest, batch, error });
  const texts = new Set(refused.map(({ row }) => row));
  await db().transaction(async tx => {
    await endLoad(tx, manifest, { state: 'FAILED', endedAt: context.clock(), error });
    for (const { chunkId, ndjson, rest } of batch.parts) {
      const kept = ndjson.split('\n').filter(line => line !== '' && !texts.has(line));
      const left = `${kept.map(line => `${line}\n`).join('')}${rest.ndjson}`;
      if (left === '') await settleChunks(tx, manifest.loadId, [chunkId]);
      else await replaceRows(tx, chunkId, left, kept.length + rest.rows);
    }
    await setAside(tx, table, manifest.loadId, refused);
  });
  metrics().deadRows.inc(refused.length);
}

/** Blocks by failures in a row: a minute, then twice as long each time, an hour at most. */
const blockMs = (attempts: number) => Math.min(3_600_000, 60_000 * 2 ** attempts);

/** The table cannot be written now: says why, in BigQuery's words, and until when it is left alone. */
export async function blockTable(context: LoadContext, table: WaitingTable, reason: string): Promise<void> {
  const until = new Date(context.clock().getTime() + blockMs(table.attempts));
  await db().execute(sql`
    UPDATE ingest_tables SET blocked_reason = ${reason.slice(0, 2_000)}, blocked_until = ${until}, attempts = attempts + 1
    WHERE dataset = ${table.dataset} AND table_name = ${table.tableName}`);
}
