/** The record of job runs is bounded, and never forgets when a job ran last. */
import { count, eq, like } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { registerAllJobs } from '@/lib/edge/worker/jobs';
import { forgetRuns, forgetRunsJob, keptDays, keptRuns } from '@/lib/kernel/forget-job-runs';
import { defineJob, jobs, lastRuns, registerJobs } from '@/lib/kernel/jobs';
import { jobRuns } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newId, randomText } from '@/lib/platform/ids';

const tag = randomText(8);
const dayMs = 86_400_000;
const ago = (days: number, runs: number) => new Date(Date.now() - days * dayMs - runs * 60_000);

async function ran(what: string, runs: number, days: number): Promise<string> {
  const job = `test.${what}_${tag}`;
  const rows = Array.from({ length: runs }, (_, index) => ({
    jobRunId: newId('jrun'),
    job,
    outcome: 'ok',
    startedBy: 'test',
    startedAt: ago(days, index),
  }));
  await db().insert(jobRuns).values(rows);
  return job;
}
const left = async (job: string) => (await db().select({ n: count() }).from(jobRuns).where(eq(jobRuns.job, job)))[0]?.n;

afterAll(async () => {
  jobs().delete(`test.asked_${tag}`);
  await db()
    .delete(jobRuns)
    .where(like(jobRuns.job, `test.%_${tag}`));
});

test('runs older than 30 days go, younger ones and the newest 20 of each job stay', async () => {
  const often = await ran('often', 40, keptDays - 1);
  await ran('often', 30, keptDays + 1);
  const seldom = await ran('seldom', keptRuns + 5, 400);
  await forgetRuns(new Date());
  expect(await left(often)).toBe(40);
  expect(await left(seldom)).toBe(keptRuns);
  const [oldest] = await db().select().from(jobRuns).where(eq(jobRuns.job, seldom)).orderBy(jobRuns.startedAt).limit(1);
  expect(oldest?.startedAt.getTime()).toBeGreaterThan(ago(400, keptRuns).getTime());
});

test('the worker knows the job, which runs daily', () => {
  registerAllJobs();
  expect(jobs().get(forgetRunsJob.name)).toBe(forgetRunsJob);
  expect(forgetRunsJob.schedule).toMatch(/^\d+ \d+ \* \* \*$/);
});

test('of many runs on record the last one of each job is shown; jobs this process does not know are left out', async () => {
  const name = await ran('asked', 200, 1);
  registerJobs([defineJob({ name, schedule: null, description: 'A job of a test.', run: async () => ({}) })]);
  const unknown = await ran('unknown', 1, 1);
  const runs = await lastRuns();
  expect(runs.get(name)?.startedAt.getTime()).toBeGreaterThan(ago(1, 1).getTime());
  expect(runs.has(unknown)).toBe(false);
});
