/** Makes a stretch durable: Parquet, then BigQuery, then in one transaction how far the file is read and what was refused. */
import { rm } from 'node:fs/promises';
import type { BigQuery } from '@google-cloud/bigquery';
import { chargeLoad, type LoadAllowance } from '@/lib/domains/traces/files/charge-load';
import { noteFile } from '@/lib/domains/traces/files/file-notes';
import type { Place, Stretch } from '@/lib/domains/traces/files/stretch';
import { writeSteps, writeTraces } from '@/lib/domains/traces/load/write-traces';
import { type Merged, mergeRowFile } from '@/lib/domains/traces/parquet/merge-into-parquet';
import { asOnlyWriter } from '@/lib/domains/traces/parquet/only-writer';
import { recordDeadLetters } from '@/lib/domains/traces/runs/dead-letters';
import { noteEtlProgress } from '@/lib/domains/traces/runs/etl-runs';
import type { LockSession } from '@/lib/kernel/lock-session';
import type { Clock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

export type ImportTarget = {
  session: LockSession;
  customerId: string;
  dataset: string;
  clock: Clock;
  /** Null: Parquet only. */
  bigquery: BigQuery | null;
  allowance: LoadAllowance;
};

export type FileState = {
  location: string;
  /** Null where nothing is noted of the source. */
  fingerprint: string | null;
  etlRunId: number;
};

async function intoBigQuery({ bigquery, ...target }: ImportTarget, { parquetFile, rows, days }: Merged) {
  if (bigquery === null || parquetFile === null) return;
  const { customerId, dataset, clock } = target;
  const jobIds = writeSteps.map(step => `traces_${step}_${newUuid()}`);
  try {
    await writeTraces({ bigquery, clock, customerId, dataset, parquetFile, rows, days, jobIds });
  } finally {
    await rm(parquetFile, { force: true });
  }
}

async function note(target: ImportTarget, stretch: Stretch, file: FileState, place: Place, isDone: boolean) {
  const { customerId, clock } = target;
  const at = clock();
  await db().transaction(async tx => {
    const { location, fingerprint, etlRunId } = file;
    if (fingerprint !== null)
      await noteFile(tx, { customerId, location, fingerprint, ...place, isDone, etlRunId, updatedAt: at });
    await recordDeadLetters(tx, { customerId, etlRunId, letters: stretch.letters, at });
    await noteEtlProgress(tx, etlRunId, stretch.counts, { at });
  });
}

/**
 * Makes the stretch durable up to `place` and ends it; answers how many different rows it had. Whatever fails, the file is noted
 * as read only as far as its rows are in both stores; repeating a stretch changes nothing. Its load job is charged first, so that
 * nobody waits for the lock of a stretch that waits for the next day.
 */
export async function makeDurable(
  target: ImportTarget,
  stretch: Stretch,
  file: FileState,
  { place, isDone }: { place: Place; isDone: boolean },
): Promise<number> {
  try {
    const rowFile = await stretch.rowFile();
    const { session, dataset, bigquery, allowance, clock } = target;
    if (bigquery !== null && stretch.counts.rows > 0) await chargeLoad(allowance, clock, file.etlRunId);
    return await asOnlyWriter(session, dataset, async mayReplace => {
      const merged = await mergeRowFile(rowFile, { dataset, keepsBatch: bigquery !== null, mayReplace });
      await intoBigQuery(target, merged);
      await note(target, stretch, file, place, isDone);
      return merged.rows;
    });
  } finally {
    await stretch.end();
  }
}
