/** The load job that a stretch of a file needs, out of the same budget of the day as all loading. Source: docs/architecture.md, Ingest, Budget. */
import { setTimeout as sleep } from 'node:timers/promises';
import { noteEtlProgress, nothingMore } from '@/lib/domains/traces/runs/etl-runs';
import { type Clock, nextUtcMidnight } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { chargeJobs, JobBudgetSpentError } from '@/lib/warehouse/ingest/load/budget';

export type LoadAllowance = {
  /** Load jobs of a UTC day, of all that loads. */
  jobsPerDay: number;
  /** Told once of each day whose jobs are spent; `until` is when there are new ones. */
  onWait: (until: Date) => void;
  /** Once aborted nothing is waited for. */
  stopping: AbortSignal;
};

/** Less than the silence after which a run is taken for dead. */
const signEveryMs = 600_000;

async function isCharged(now: Date, jobsPerDay: number): Promise<boolean> {
  try {
    await db().transaction(tx => chargeJobs(tx, now, 1, jobsPerDay));
    return true;
  } catch (error) {
    if (error instanceof JobBudgetSpentError) return false;
    throw error;
  }
}

/**
 * Charges one load job; where the day's are spent it waits for those of the next, as an import of many files is to end without a
 * person at night. The caller holds no lock meanwhile. Throws AppError slow_down where it is stopped; then nothing is charged.
 */
export async function chargeLoad(
  { jobsPerDay, onWait, stopping }: LoadAllowance,
  clock: Clock,
  etlRunId: number,
): Promise<void> {
  for (let toldDay = ''; ; ) {
    const at = clock();
    if (await isCharged(at, jobsPerDay)) return;
    const until = nextUtcMidnight(at);
    if (stopping.aborted)
      throw new AppError('slow_down', `The ${jobsPerDay} load jobs of this UTC day are spent; a repeat goes on.`);
    if (toldDay !== until.toISOString()) onWait(until);
    toldDay = until.toISOString();
    await db().transaction(tx => noteEtlProgress(tx, etlRunId, nothingMore, { at }));
    const waitMs = Math.min(signEveryMs, Math.max(0, until.getTime() - at.getTime()));
    await sleep(waitMs, undefined, { signal: stopping }).catch(() => undefined);
  }
}
