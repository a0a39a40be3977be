/** Parquet files of old days leave for the archive; rows in BigQuery stay. Source: docs/spec/requirements.md, T-42. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { eq } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { asOnlyWriter } from '@/lib/domains/traces/parquet/only-writer';
import { datasetFolder, partitionFile } from '@/lib/domains/traces/parquet/partition';
import { carryOutRun } from '@/lib/domains/traces/runs/carry-out-run';
import { beginEtlRun, noteEtlProgress, nothingMore } from '@/lib/domains/traces/runs/etl-runs';
import { type LockSession, openSession } from '@/lib/kernel/lock-session';
import { addDays, type Clock, utcDay } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { putArchive, readArchive } from '@/lib/platform/files/archive-store';

type Moved = { files: number; bytes: number };
export type Archived = Moved & { /** Why nothing was moved. */ skipped?: string };

/** Folders of partitions whose day is before `day`, as `repo=acme%2Fshop/date=2026-01-31`. */
async function oldPartitions(dataset: string, day: string): Promise<string[]> {
  const found: string[] = [];
  const folder = datasetFolder(dataset);
  for (const repo of await readdir(folder).catch(() => [])) {
    for (const date of await readdir(join(folder, repo)).catch(() => [])) {
      const [, eventDate] = /^date=(\d{4}-\d{2}-\d{2})$/.exec(date) ?? [];
      if (eventDate !== undefined && eventDate < day) found.push(`${repo}/${date}`);
    }
  }
  return found.sort();
}

async function hashOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

/** Stores the file unless it is there whole; what a cut off run left half is no obstacle. Its folder's name is no part of a URL as it is. */
async function putOnce(base: string, folder: string, file: string): Promise<void> {
  const hash = await hashOf(createReadStream(file));
  const nameOf = (end: string) => `${encodeURI(folder)}/${hash.slice(0, 16)}${end}.parquet`;
  try {
    await putArchive(base, nameOf(''), file);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== 'EEXIST' && code !== 412) throw error;
    const there = await readArchive(`${base.replace(/\/+$/, '')}/${nameOf('')}`);
    if ((await hashOf(there)) !== hash) await putArchive(base, nameOf(`-${Date.now().toString(36)}`), file);
  }
}

async function moveDataset(session: LockSession, base: string, dataset: string, partitions: string[]): Promise<Moved> {
  const moved = { files: 0, bytes: 0 };
  await asOnlyWriter(session, dataset, async mayReplace => {
    for (const partition of partitions) {
      const file = join(datasetFolder(dataset), partition, partitionFile);
      const info = await stat(file).catch(() => null);
      if (info) {
        await putOnce(base, `${dataset}/${partition}`, file);
        mayReplace();
        moved.files++;
        moved.bytes += info.size;
      }
      await rm(dirname(file), { recursive: true, force: true });
    }
  });
  return moved;
}

/** Moves a customer's files as a run of its own. */
async function archiveCustomer(
  session: LockSession,
  { base, day, clock }: { base: string; day: string; clock: Clock },
  { customerId, dataset }: { customerId: string; dataset: string },
): Promise<Moved> {
  const partitions = await oldPartitions(dataset, day);
  if (partitions.length === 0) return { files: 0, bytes: 0 };
  const details = { source: 'Parquet files', before: day };
  const run = await db().transaction(tx =>
    beginEtlRun(tx, { customerId, job: 'archive-traces', details, at: clock() }),
  );
  const alongWith = (tx: Tx, moved: Moved, at: Date) =>
    noteEtlProgress(tx, run.id, nothingMore, { at, details: moved });
  return carryOutRun(run.id, { clock, alongWith }, () => moveDataset(session, base, dataset, partitions));
}

export type ArchiveRequest = {
  clock: Clock;
  olderThanDays: number;
  /** Only this customer's. */
  customerId?: string;
  /** TRACE_ARCHIVE_URL unless given. */
  base?: string;
};

/** Moves the files of days older than that to the archive, each customer's as a run. Nothing is moved without an address. */
export async function archiveParquet({
  clock,
  olderThanDays,
  customerId,
  ...request
}: ArchiveRequest): Promise<Archived> {
  const { base = env().TRACE_ARCHIVE_URL } = request;
  if (base === undefined) return { files: 0, bytes: 0, skipped: 'TRACE_ARCHIVE_URL is not set, so nothing leaves.' };
  const day = addDays(utcDay(clock()), -olderThanDays);
  const session = await openSession('ingestTable');
  const all = { files: 0, bytes: 0 };
  try {
    const owners = await db()
      .select({ customerId: customers.customerId, dataset: customers.tenantDatasetId })
      .from(customers)
      .where(customerId === undefined ? undefined : eq(customers.customerId, customerId));
    for (const owner of owners) {
      const moved = await archiveCustomer(session, { base, day, clock }, owner);
      all.files += moved.files;
      all.bytes += moved.bytes;
    }
    return all;
  } finally {
    await session.close();
  }
}
