/** Writes the steps and checks that the new events changed, and those that were waited for. */
import { checksOf } from '@/lib/domains/lineage/apply/check-rows';
import type { JobSummary } from '@/lib/domains/lineage/apply/own-job';
import type { Picture } from '@/lib/domains/lineage/apply/picture';
import { isStepDue } from '@/lib/domains/lineage/apply/run-state';
import { stepOf } from '@/lib/domains/lineage/apply/step-rows';
import { storeToldChecks } from '@/lib/domains/runs/observe/told-checks';
import { storeToldSteps } from '@/lib/domains/runs/observe/told-steps';
import { maxReportsPerRun } from '@/lib/domains/runs/rules';
import type { Run } from '@/lib/domains/runs/tables';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';

/** Rows of BigQuery that are out of date; starts that steps were written with; and the jobs with those. */
export type StoredParts = { mirror: MirrorRef[]; starts: Map<string, Date | null>; jobs: JobSummary[] };

/** Steps that are written at once of those that were waited for; the sweep takes the others next. */
const mostAtOnce = 500;

/** Jobs that are written as steps now: told of anew, waited for, or no longer taken for the run itself. */
function stepsToWrite({ lineage, jobs, own, news }: Picture): JobSummary[] {
  const touched = new Set(news.touched.map(({ job }) => job.stepLoggingId));
  let free = mostAtOnce;
  return jobs.filter(job => {
    const id = job.stepLoggingId;
    if (id === own?.job.stepLoggingId) return false;
    if (job.storedStart !== null) return touched.has(id) || id === lineage.ownStepId;
    return isStepDue(job, news.now) && (touched.has(id) || free-- > 0);
  });
}

/** Where each step stands by start, name and id. */
function placesOf(jobs: readonly JobSummary[]): (id: string) => number {
  const sorted = jobs
    .flatMap(({ storedStart, name, stepLoggingId: id }) =>
      storedStart ? [{ start: storedStart.getTime(), name: name.slice(0, 200), id }] : [],
    )
    .sort((a, b) => a.start - b.start || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
  const places = new Map(sorted.map(({ id }, place) => [id, place]));
  return id => places.get(id) ?? sorted.length;
}

async function storeSteps(tx: Tx, picture: Picture): Promise<StoredParts> {
  const { lineage, jobs, own, whole, news } = picture;
  const rows = await whole(stepsToWrite(picture).map(({ stepLoggingId }) => stepLoggingId));
  const told = rows.map(job => stepOf(job, lineage.pipelineLoggingId));
  const starts = new Map<string, Date | null>(told.map(step => [step.stepLoggingId, step.startTime]));
  const gone = own && own.job.storedStart !== null ? [own.job.stepLoggingId] : [];
  for (const id of gone) starts.set(id, null);
  const after = jobs.map(job => {
    const start = starts.get(job.stepLoggingId);
    return start === undefined ? job : { ...job, storedStart: start };
  });
  const mirror = await storeToldSteps(tx, {
    runId: lineage.pipelineLoggingId,
    told,
    gone,
    ordered: lineage.isReserved
      ? after.flatMap(({ storedStart, stepLoggingId }) => (storedStart ? [stepLoggingId] : []))
      : null,
    placeOf: placesOf(after),
    now: news.now,
  });
  return { mirror, starts, jobs: after };
}

/** Writes the steps and checks of the run, whose row, where it is there, the caller holds. */
export async function storeParts(tx: Tx, before: Run | null, picture: Picture): Promise<StoredParts> {
  const runId = picture.lineage.pipelineLoggingId;
  const steps = await storeSteps(tx, picture);
  const told = picture.news.touched.flatMap(({ job }) => checksOf(job, runId));
  const still = new Set(told.map(({ dqResultId }) => dqResultId));
  const earlier = picture.news.touched.flatMap(({ before }) => (before ? checksOf(before, runId) : []));
  const gone = earlier.flatMap(({ dqResultId }) => (still.has(dqResultId) ? [] : [dqResultId]));
  const room = Math.max(0, maxReportsPerRun - (before?.checkCount ?? 0));
  const checks = await storeToldChecks(tx, { runId, told, gone, room });
  return { ...steps, mirror: [...steps.mirror, ...checks] };
}
