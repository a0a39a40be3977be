/** Which of the jobs is the run itself. Pure. Source: docs/lineage.md, Which job is the run itself. */
import type { LineageJob, LineageRun } from '@/lib/domains/lineage/tables';

/** What a decision about a run asks of each of its jobs. */
export type JobSummary = Pick<
  LineageJob,
  | 'stepLoggingId'
  | 'namespace'
  | 'name'
  | 'sharesRootId'
  | 'hasDatasets'
  | 'isBelowRoot'
  | 'integration'
  | 'heardAt'
  | 'firstEventTime'
  | 'startTime'
  | 'terminalType'
  | 'terminalTime'
  | 'isSkipped'
  | 'storedStart'
>;

/** The job that is the run itself; `certain` where no other could take its place but one that children name. */
export type OwnJob<Job extends JobSummary> = { job: Job; certain: boolean };

type Root = Pick<LineageRun, 'rootNamespace' | 'rootName'>;
const isNamed = (job: JobSummary, root: Root): boolean =>
  job.name === root.rootName && job.namespace === root.rootNamespace;

const startOf = (job: JobSummary): number => (job.startTime ?? job.firstEventTime).getTime();
const byName = (a: JobSummary, b: JobSummary): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : a.namespace < b.namespace ? -1 : 1;

/**
 * Of the jobs that share the root's run id the one that children name; else the first one without datasets, since Dagster's
 * assets have some; else the only one. Null where none reported under that id, or several that all have datasets: Dagster's
 * event log wrapper reports assets and no run.
 */
export function ownJobOf<Job extends JobSummary>(jobs: Iterable<Job>, root: Root): OwnJob<Job> | null {
  const sharing = [...jobs].filter(({ sharesRootId }) => sharesRootId);
  const [job] = sharing.toSorted(
    (a, b) =>
      Number(isNamed(b, root)) - Number(isNamed(a, root)) ||
      Number(a.hasDatasets) - Number(b.hasDatasets) ||
      startOf(a) - startOf(b) ||
      byName(a, b),
  );
  if (!job) return null;
  const certain = isNamed(job, root) || !job.hasDatasets;
  return certain || sharing.length === 1 ? { job, certain } : null;
}
