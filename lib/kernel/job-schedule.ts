/** Runs the jobs on their schedules by pg-boss; any number of workers may. Source: docs/architecture.md, Worker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, PgBoss } from 'pg-boss';
import { type JobDefinition, jobs, runJob } from '@/lib/kernel/jobs';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

export type JobSchedule = {
  /** Takes no more jobs and waits for those under way, at most 20 s. */
  stop: () => Promise<void>;
};

const connections = 4;
const startAgainMs = 3_000;
const finishMs = 20_000;
/** A failed run is tried again after about 1, 2 and 4 minutes; one still going after 30 minutes is given up. */
const queue = { policy: 'stately', retryLimit: 3, retryDelay: 60, retryBackoff: true, expireInSeconds: 1_800 } as const;

async function runOnSchedule(name: string): Promise<object> {
  try {
    const run = await runJob(name, 'schedule');
    if (run.outcome === 'failed') throw new Error(run.error ?? 'failed');
    return { jobRunId: run.jobRunId };
  } catch (error) {
    // Somebody runs it by hand: that run does the work.
    if (error instanceof AppError && error.code === 'conflict') return { skipped: 'running already' };
    throw error;
  }
}

async function takeOn(boss: PgBoss, job: JobDefinition): Promise<void> {
  await boss.createQueue(job.name, queue);
  if (job.schedule) await boss.schedule(job.name, job.schedule, null, { tz: 'UTC' });
  await boss.work(job.name, { batchSize: 1, pollingIntervalSeconds: 5 }, (_jobs: Job[]) => runOnSchedule(job.name));
}

async function dropUnknownSchedules(boss: PgBoss): Promise<void> {
  for (const { name } of await boss.getSchedules()) {
    if (!jobs().get(name)?.schedule) await boss.unschedule(name);
  }
}

async function start(dropOthers: boolean): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: env().DATABASE_URL,
    application_name: `tenantry-jobs-${process.pid}`,
    max: connections,
    options: '-c timezone=UTC',
  });
  boss.on('error', error => log().warn({ err: error }, 'the job queue has a problem'));
  await boss.start();
  try {
    if (dropOthers) await dropUnknownSchedules(boss);
    for (const job of jobs().values()) await takeOn(boss, job);
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    throw error;
  }
  log().info({ jobs: jobs().size }, 'jobs are scheduled');
  return boss;
}

/**
 * Starts running the registered jobs; while Postgres is away it keeps trying. `dropOthers` ends the schedules of jobs
 * this process does not know, which is right only for one that knows all.
 */
export function startJobSchedule({ dropOthers = false } = {}): JobSchedule {
  const stopping = new AbortController();
  let boss: PgBoss | undefined;
  const started = (async () => {
    while (!boss && !stopping.signal.aborted) {
      try {
        boss = await start(dropOthers);
      } catch (error) {
        log().warn({ err: error }, 'jobs cannot be scheduled yet');
        await sleep(startAgainMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await started;
      await boss?.stop({ graceful: true, timeout: finishMs, close: true });
    },
  };
}
