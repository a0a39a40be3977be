/** Jobs: named work with a schedule, one run at a time, each run on record. The worker runs them, staff may too. */

import { and, eq, sql } from 'drizzle-orm';
import { type Ctx, systemCtx } from '@/lib/kernel/ctx';
import { lockSpaces } from '@/lib/kernel/locks';
import { jobRuns } from '@/lib/kernel/tables';
import { db, dedicatedClient } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';
import { log, messageForStaff } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';
import { processWide } from '@/lib/platform/process-wide';

/** What a run found. With `skipped` it did not do its work, for the reason given: a setting that is missing, say. */
export type JobReport = Record<string, unknown> & { skipped?: string };
export type JobDefinition = {
  /** `<noun>.<verb>`, as `audit.settle_denials`. */
  name: string;
  /** Five cron fields in UTC; null for a job that only runs when asked. */
  schedule: string | null;
  /** One sentence for the staff page. */
  description: string;
  /** Does the work and answers what it found; must be repeatable, because a run may be cut off anywhere. */
  run: (ctx: Ctx) => Promise<JobReport>;
};
export type JobRun = typeof jobRuns.$inferSelect;

/** Why a run did not do its work; null where it did, or failed. */
export function skippedBecause(run: Pick<JobRun, 'outcome' | 'report'>): string | null {
  const report = run.report as JobReport | null;
  return run.outcome === 'skipped' ? (report?.skipped ?? null) : null;
}

const namePattern = /^[a-z]+(_[a-z0-9]+)*\.[a-z]+(_[a-z0-9]+)*$/;

/** The jobs that this process knows, by name. */
export const jobs = (): Map<string, JobDefinition> => processWide('jobs', () => new Map<string, JobDefinition>());

/** Makes jobs known to this process: they are scheduled, listed for staff and may be asked for by name. */
export function registerJobs(definitions: readonly JobDefinition[]): void {
  for (const definition of definitions) jobs().set(definition.name, definition);
}

/** Checks a job's definition; it runs once it stands in lib/edge/worker/jobs.ts. Throws when the name is not `<noun>.<verb>`. */
export function defineJob(definition: JobDefinition): JobDefinition {
  if (!namePattern.test(definition.name)) throw new Error(`${definition.name} is no name for a job`);
  return definition;
}

/** Takes the job's lock on a connection of its own; null when a run is under way, in whatever process. */
export async function lockJob(name: string): Promise<{ release: () => Promise<void> } | null> {
  const client = await dedicatedClient();
  const { rows } = await client
    .query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked', [lockSpaces.job, name])
    .catch(async error => {
      await client.end();
      throw error;
    });
  if (rows[0]?.locked) return { release: () => client.end() };
  await client.end();
  return null;
}

async function startRun(job: JobDefinition, startedBy: string): Promise<string> {
  const jobRunId = newId('jrun');
  // We hold the job's lock, so a run still marked as running belongs to a process that is gone.
  await db()
    .update(jobRuns)
    .set({ outcome: 'failed', finishedAt: new Date(), error: 'The process that ran it ended before the run did.' })
    .where(and(eq(jobRuns.job, job.name), eq(jobRuns.outcome, 'running')));
  await db().insert(jobRuns).values({ jobRunId, job: job.name, outcome: 'running', startedBy, startedAt: new Date() });
  return jobRunId;
}

async function finishRun(jobRunId: string, end: Pick<JobRun, 'outcome' | 'report' | 'error'>): Promise<JobRun> {
  const [run] = await db()
    .update(jobRuns)
    .set({ ...end, finishedAt: new Date() })
    .where(eq(jobRuns.jobRunId, jobRunId))
    .returning();
  if (!run) throw new Error(`the run ${jobRunId} is gone`);
  metrics().jobRuns.inc({ job: run.job, outcome: run.outcome });
  return run;
}

/**
 * Runs a job now and answers its record, also when it failed: outcome `ok`, `skipped` or `failed`.
 * Throws AppError not_found for an unknown name and conflict while a run of it is under way anywhere.
 */
export async function runJob(name: string, startedBy: string): Promise<JobRun> {
  const job = jobs().get(name);
  if (!job) throw new AppError('not_found', `There is no job ${name}.`);
  const lock = await lockJob(name);
  if (!lock) throw new AppError('conflict', `The job ${name} is running already.`);
  try {
    const jobRunId = await startRun(job, startedBy);
    try {
      const report = await job.run(systemCtx(`job:${name}`));
      const outcome = report.skipped === undefined ? 'ok' : 'skipped';
      return await finishRun(jobRunId, { outcome, report, error: null });
    } catch (error) {
      log().error({ err: error, job: name, jobRunId }, 'a job failed');
      const message = messageForStaff(error).slice(0, 2_000);
      return await finishRun(jobRunId, { outcome: 'failed', report: null, error: message });
    }
  } finally {
    await lock.release();
  }
}

/** The last run of each job of this process that ever ran, by job name; one look into the index for each job. */
export async function lastRuns(): Promise<Map<string, JobRun>> {
  const rows = await db()
    .select()
    .from(jobRuns)
    .where(sql`${jobRuns.jobRunId} IN (
    SELECT last.job_run_id FROM unnest(${sql.param([...jobs().keys()])}::text[]) AS names(job)
    CROSS JOIN LATERAL (SELECT job_run_id FROM job_runs WHERE job = names.job ORDER BY started_at DESC LIMIT 1) AS last)`);
  return new Map(rows.map(run => [run.job, run]));
}
