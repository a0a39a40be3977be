/** `cli jobs list | run <name>`: the scheduled jobs, their last runs, and a run now. */
import { command } from '@/lib/cli/command';
import { registerAllJobs } from '@/lib/edge/worker/jobs';
import { type JobRun, jobs, lastRuns, runJob, skippedBecause } from '@/lib/kernel/jobs';

const print = (line: string) => process.stdout.write(`${line}\n`);

function lastRunText(run: JobRun | undefined): string {
  if (!run) return 'never ran';
  const why = run.error?.split('\n')[0] ?? skippedBecause(run);
  return `${run.outcome} ${run.startedAt.toISOString()}${why ? `: ${why}` : ''}`;
}

async function list(): Promise<number> {
  registerAllJobs();
  const runs = await lastRuns();
  for (const job of [...jobs().values()].sort((a, b) => a.name.localeCompare(b.name))) {
    print(`${job.name.padEnd(32)} ${(job.schedule ?? 'when asked').padEnd(14)} ${lastRunText(runs.get(job.name))}`);
    print(`  ${job.description}`);
  }
  return 0;
}

async function run(name: string): Promise<number> {
  registerAllJobs();
  const done = await runJob(name, 'cli');
  const seconds = ((done.finishedAt?.getTime() ?? 0) - done.startedAt.getTime()) / 1000;
  print(`${done.job} ${done.outcome} in ${seconds.toFixed(1)} s`);
  if (done.error) process.stderr.write(`${done.error}\n`);
  else print(JSON.stringify(done.report, null, 2));
  return done.outcome === 'failed' ? 1 : 0;
}

export const jobsCommands = {
  list: command({ description: 'all jobs with their schedule (UTC) and last run', run: list }),
  run: command({
    description: 'run a job here and now and print its report; exit 1 when it fails',
    args: { name: { type: 'positional', description: 'as in the list' } },
    run: ({ name }) => run(name),
  }),
};
