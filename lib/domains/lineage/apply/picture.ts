/** A run with all that is decided by. */
import { errorOf } from '@/lib/domains/lineage/apply/error-of';
import { readJobs, type Touched } from '@/lib/domains/lineage/apply/job-store';
import type { JobSummary, OwnJob } from '@/lib/domains/lineage/apply/own-job';
import type { LineageJob, LineageRun } from '@/lib/domains/lineage/tables';
import type { ToldBy } from '@/lib/domains/runs/observe/observed-run';
import { storableStart } from '@/lib/kernel/storable';
import type { Tx } from '@/lib/platform/db';

/** What is new of a run: jobs that events told of, and events that came too late. */
export type News = {
  touched: readonly Touched[];
  /** Ids of jobs that started or said that they go on. */
  alive: ReadonlySet<string>;
  late: number;
  /** Who sent the first of these events; null where there are none. */
  toldBy: ToldBy | null;
  now: Date;
};

export type Picture = {
  lineage: LineageRun;
  jobs: readonly JobSummary[];
  own: OwnJob<JobSummary> | null;
  /** Whole rows of jobs, read where they are asked for. */
  whole: (ids: readonly string[]) => Promise<LineageJob[]>;
  news: News;
};

/** Whole rows of jobs: those that were just merged are known. */
export function wholeJobs(tx: Tx, touched: readonly Touched[]): Picture['whole'] {
  const known = new Map(touched.map(({ job }) => [job.stepLoggingId, job]));
  return async ids => {
    const missing = ids.filter(id => !known.has(id));
    for (const job of await readJobs(tx, missing)) known.set(job.stepLoggingId, job);
    return ids.flatMap(id => known.get(id) ?? []);
  };
}

const textOf = async (picture: Picture): Promise<string | null> => {
  const { own, whole } = picture;
  const [row] = own ? await whole([own.job.stepLoggingId]) : [];
  return row ? errorOf(row) : null;
};

/** Jobs of at most this many are asked why they failed. */
const maxAsked = 50;

/** Of the jobs that failed first the one that says why; of several that ended together, as dbt’s tests do, any of them may. */
async function firstFailed({ jobs, own, whole }: Picture): Promise<LineageJob | null> {
  const endOf = (job: JobSummary): number => job.terminalTime?.getTime() ?? 0;
  const failed = jobs
    .filter(job => job.terminalType === 'FAIL' && !job.isSkipped && job.stepLoggingId !== own?.job.stepLoggingId)
    .toSorted((a, b) => endOf(a) - endOf(b) || (a.stepLoggingId < b.stepLoggingId ? -1 : 1));
  const together = failed.filter(job => failed[0] && endOf(job) === endOf(failed[0]));
  const rows = await whole(together.slice(0, maxAsked).map(({ stepLoggingId }) => stepLoggingId));
  return rows.find(job => errorOf(job) !== null) ?? rows[0] ?? null;
}

/** What dbt says of each command that failed, and no more. */
const saysNothing = /^Command `dbt [^`]*` failed\b/;

/** Why a run failed: as its own job says where it does, else its first failed job with what that one says. */
export async function failureOf(picture: Picture): Promise<string | null> {
  const said = await textOf(picture);
  if (said !== null && !saysNothing.test(said)) return said;
  const failed = await firstFailed(picture);
  if (failed === null) return said;
  const why = errorOf(failed);
  return storableStart(why === null ? `${failed.name} failed` : `${failed.name}: ${why}`, 10_000);
}
