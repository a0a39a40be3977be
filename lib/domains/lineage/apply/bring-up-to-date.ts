/** Writes what a run’s jobs come to: its row, its steps and its checks. Source: docs/lineage.md. */
import { and, eq } from 'drizzle-orm';
import { noteStoredStarts, readSummaries } from '@/lib/domains/lineage/apply/job-store';
import { ownJobOf } from '@/lib/domains/lineage/apply/own-job';
import { type News, type Picture, wholeJobs } from '@/lib/domains/lineage/apply/picture';
import type { FoundRun } from '@/lib/domains/lineage/apply/resolve-runs';
import { nextLookAt } from '@/lib/domains/lineage/apply/run-state';
import { storeParts } from '@/lib/domains/lineage/apply/store-parts';
import { writeObserved } from '@/lib/domains/lineage/apply/write-observed';
import { extendOrEnd, writeReserved } from '@/lib/domains/lineage/apply/write-reserved';
import { type LineageRun, lineageRuns } from '@/lib/domains/lineage/tables';
import { lockOwnRun } from '@/lib/domains/runs/observe/observed-run';
import { saveReserved } from '@/lib/domains/runs/observe/reserved-run';
import { enqueue } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';

async function saveLineage(tx: Tx, { customerId, rootRunId, ...columns }: LineageRun): Promise<void> {
  await tx
    .update(lineageRuns)
    .set(columns)
    .where(and(eq(lineageRuns.customerId, customerId), eq(lineageRuns.rootRunId, rootRunId)));
}

/** Counts events that came too late for a run that nothing else was told of. */
async function countLate(tx: Tx, lineage: LineageRun, late: number): Promise<void> {
  const run = await lockOwnRun(tx, lineage.customerId, lineage.pipelineLoggingId);
  if (run) await enqueue(tx, await saveReserved(tx, run, { lateEvents: run.lateEvents + late }));
}

/**
 * Brings a run, its steps and its checks to what all of its jobs say at `news.now`, and notes when to look again. The caller
 * holds its row in lineage_runs. Repeatable: the same events come to the same rows, and a row that does not change is not
 * written.
 */
export async function bringUpToDate(tx: Tx, { lineage, run }: FoundRun, news: News): Promise<void> {
  const { customerId, pipelineLoggingId } = lineage;
  const jobs = await readSummaries(tx, lineage);
  if (jobs.length === 0) {
    await saveLineage(tx, lineage);
    return countLate(tx, lineage, news.late);
  }
  const own = ownJobOf(jobs, lineage);
  const picture: Picture = { lineage, jobs, own, whole: wholeJobs(tx, news.touched), news };
  // The customer's counter is locked before the run.
  if (lineage.isReserved && run) await extendOrEnd(tx, run, picture);
  const before = await lockOwnRun(tx, customerId, pipelineLoggingId);
  const parts = await storeParts(tx, before, picture);
  const written =
    lineage.isReserved && before
      ? {
          mirror: await writeReserved(tx, before, picture),
          lineage: { ...lineage, endHeardAt: before.endTime },
          state: before.status,
        }
      : await writeObserved(tx, before, picture);
  await noteStoredStarts(tx, parts.starts);
  const dueAt = nextLookAt(written.lineage, parts.jobs, { own, state: written.state, now: news.now });
  await saveLineage(tx, { ...written.lineage, ownStepId: own?.job.stepLoggingId ?? null, dueAt });
  await enqueue(tx, [...parts.mirror, ...written.mirror]);
}
