/** What is known of a run’s jobs, read and written under the lock of its row in lineage_runs. */
import { and, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import type { JobSummary } from '@/lib/domains/lineage/apply/own-job';
import { bySize, withoutFacets } from '@/lib/domains/lineage/merge/left-out';
import { type Arrived, jobOf, mergeJobs } from '@/lib/domains/lineage/merge/merge-jobs';
import { type LineageJob, lineageJobs } from '@/lib/domains/lineage/tables';
import { isSameRow } from '@/lib/domains/runs/observe/same-row';
import type { Tx } from '@/lib/platform/db';

type Key = { customerId: string; rootRunId: string };
const ofRun = ({ customerId, rootRunId }: Key) =>
  and(eq(lineageJobs.customerId, customerId), eq(lineageJobs.rootRunId, rootRunId));

const all = getTableColumns(lineageJobs);
const summary = {
  stepLoggingId: all.stepLoggingId,
  namespace: all.namespace,
  name: all.name,
  sharesRootId: all.sharesRootId,
  hasDatasets: all.hasDatasets,
  isBelowRoot: all.isBelowRoot,
  integration: all.integration,
  heardAt: all.heardAt,
  firstEventTime: all.firstEventTime,
  startTime: all.startTime,
  terminalType: all.terminalType,
  terminalTime: all.terminalTime,
  isSkipped: all.isSkipped,
  storedStart: all.storedStart,
};

/** What is decided by of all jobs of a run, without what may be large. */
export const readSummaries = (tx: Tx, key: Key): Promise<JobSummary[]> =>
  tx.select(summary).from(lineageJobs).where(ofRun(key));

/** Whole rows of these jobs. */
export const readJobs = async (tx: Tx, ids: readonly string[]): Promise<LineageJob[]> =>
  ids.length > 0
    ? tx
        .select()
        .from(lineageJobs)
        .where(inArray(lineageJobs.stepLoggingId, [...ids]))
    : [];

const excluded = Object.fromEntries(
  Object.entries(all)
    .filter(([name]) => name !== 'stepLoggingId')
    .map(([name, column]) => [name, sql.raw(`excluded."${column.name}"`)]),
);

/** Characters of JSON that are kept of one job’s facets; more is what no sender means. */
const maxFacetChars = 2_000_000;

/** Without the largest facets, where together they are more than a job may keep. */
function bounded(job: LineageJob): LineageJob {
  const sizes = bySize(job.facets);
  let over = sizes.reduce((sum, { size }) => sum + size, 0) - maxFacetChars;
  const gone = new Set<string>();
  for (const { name, size } of sizes) {
    if (over <= 0) break;
    gone.add(name);
    over -= size;
  }
  return gone.size > 0 ? { ...job, facets: withoutFacets(job.facets, gone) } : job;
}

/** A job as it was before these events, where it was known, and as it is with them. */
export type Touched = { before: LineageJob | null; job: LineageJob };

/** Merges the events into their jobs; answers those, and writes what changed. */
export async function mergeEvents(tx: Tx, events: readonly Arrived[]): Promise<Touched[]> {
  const told = new Map<string, LineageJob>();
  for (const arrived of events) {
    const job = jobOf(arrived);
    const known = told.get(job.stepLoggingId);
    told.set(job.stepLoggingId, known ? mergeJobs(known, job) : job);
  }
  const stored = new Map((await readJobs(tx, [...told.keys()])).map(job => [job.stepLoggingId, job]));
  const touched = [...told.values()].map(job => {
    const before = stored.get(job.stepLoggingId) ?? null;
    return { before, job: bounded(before ? mergeJobs(before, job) : job) };
  });
  const changed = touched.filter(({ before, job }) => before === null || !isSameRow(before, job));
  await saveJobs(
    tx,
    changed.map(({ job }) => job),
  );
  return touched;
}

async function saveJobs(tx: Tx, jobs: LineageJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await tx
    .insert(lineageJobs)
    .values(jobs.toSorted((a, b) => (a.stepLoggingId < b.stepLoggingId ? -1 : 1)))
    .onConflictDoUpdate({ target: lineageJobs.stepLoggingId, set: excluded });
}

/** Notes the start that each of these steps was written with; null for one that is no step any more. */
export async function noteStoredStarts(tx: Tx, starts: ReadonlyMap<string, Date | null>): Promise<void> {
  if (starts.size === 0) return;
  const [ids, times] = [[...starts.keys()], [...starts.values()].map(at => at?.toISOString() ?? null)];
  await tx.execute(sql`
    UPDATE lineage_jobs AS j SET stored_start = s.at
    FROM unnest(${sql.param(ids)}::uuid[], ${sql.param(times)}::timestamptz[]) AS s (id, at)
    WHERE j.step_logging_id = s.id AND j.stored_start IS DISTINCT FROM s.at`);
}
