/** Each run of a job is on record, alone, whatever ends it. */
import { eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { startJobSchedule } from '@/lib/kernel/job-schedule';
import { defineJob, type JobReport, jobs, lastRuns, registerJobs, runJob, skippedBecause } from '@/lib/kernel/jobs';
import { jobRuns } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const tag = randomText(8);
const defined: string[] = [];

function job(what: string, run: () => Promise<JobReport>): string {
  const name = `test.${what}_${tag}`;
  defined.push(name);
  registerJobs([defineJob({ name, schedule: null, description: 'A job of a test.', run })]);
  return name;
}

afterAll(async () => {
  for (const name of defined) {
    jobs().delete(name);
    await db().delete(jobRuns).where(eq(jobRuns.job, name));
  }
});

test('a run leaves a record with its report', async () => {
  const name = job('reports', async () => ({ rows: 3 }));
  const run = await runJob(name, 'test');
  expect(run).toMatchObject({ job: name, outcome: 'ok', report: { rows: 3 }, error: null, startedBy: 'test' });
  expect(run.finishedAt?.getTime()).toBeGreaterThanOrEqual(run.startedAt.getTime());
  expect((await lastRuns()).get(name)).toEqual(run);
});

test('a run that did not do its work is recorded as skipped, with the reason', async () => {
  const report = { skipped: 'There is nowhere to store to.', months: 3 };
  const name = job('skips', async () => report);
  expect(await runJob(name, 'test')).toMatchObject({ outcome: 'skipped', report, error: null });
  const last = (await lastRuns()).get(name);
  expect(last && skippedBecause(last)).toBe('There is nowhere to store to.');
});

test('a run that fails is recorded with what went wrong', async () => {
  const name = job('fails', async () => {
    throw new Error('the disk is full');
  });
  expect(await runJob(name, 'test')).toMatchObject({ outcome: 'failed', report: null, error: 'the disk is full' });
});

test('a second run at the same time is refused and leaves no record', async () => {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const name = job('waits', async () => {
    begun.resolve();
    await gate.promise;
    return {};
  });
  const first = runJob(name, 'test');
  await begun.promise;
  await expect(runJob(name, 'test')).rejects.toMatchObject({ code: 'conflict' });
  gate.resolve();
  expect((await first).outcome).toBe('ok');
  expect(await db().select().from(jobRuns).where(eq(jobRuns.job, name))).toHaveLength(1);
  expect((await runJob(name, 'test')).outcome).toBe('ok');
});

test('a run whose process died is not shown as running once the next one starts', async () => {
  const name = job('died', async () => ({}));
  await db()
    .insert(jobRuns)
    .values({ jobRunId: `jrun_${tag}`, job: name, outcome: 'running', startedBy: 'test' });
  await runJob(name, 'test');
  const [dead] = await db()
    .select()
    .from(jobRuns)
    .where(eq(jobRuns.jobRunId, `jrun_${tag}`));
  expect(dead).toMatchObject({ outcome: 'failed', error: 'The process that ran it ended before the run did.' });
});

test('an unknown job is not found, a bad name is refused at its definition', async () => {
  await expect(runJob('test.nobody', 'test')).rejects.toMatchObject({ code: 'not_found' });
  expect(() => job('Bad Name', async () => ({}))).toThrow('is no name for a job');
});

test('the schedule takes the registered jobs on and lets go of them in order', async () => {
  job('scheduled', async () => ({}));
  const schedule = startJobSchedule();
  await schedule.stop();
  const { rows } = await db().execute<{ name: string; policy: string }>(
    `SELECT name, policy FROM pgboss.queue WHERE name = 'test.scheduled_${tag}'`,
  );
  expect(rows).toEqual([{ name: `test.scheduled_${tag}`, policy: 'stately' }]);
  await db().execute(`DELETE FROM pgboss.queue WHERE name LIKE 'test.%_${tag}'`);
});
