/** `cli jobs list | run <name>`: the scheduled jobs, their last runs, and a run now. */
import '@/lib/edge/worker/jobs';
import { type JobRun, jobs, lastRuns, runJob } from '@/lib/kernel/jobs';

const usage = `Usage: jobs <command>

  list         all jobs with their schedule (UTC) and last run
  run <name>   runs a job here and now and prints its report; exit 1 when it fails`;

const print = (line: string) => process.stdout.write(`${line}\n`);

const lastRunText = (run: JobRun | undefined): string =>
  run
    ? `${run.outcome} ${run.startedAt.toISOString()}${run.error ? `: ${run.error.split('\n')[0]}` : ''}`
    : 'never ran';

async function list(): Promise<number> {
  const runs = await lastRuns();
  for (const job of [...jobs().values()].sort((a, b) => a.name.localeCompare(b.name))) {
    print(`${job.name.padEnd(32)} ${(job.schedule ?? 'when asked').padEnd(14)} ${lastRunText(runs.get(job.name))}`);
    print(`  ${job.description}`);
  }
  return 0;
}

async function run(name: string): Promise<number> {
  const done = await runJob(name, 'cli');
  const seconds = ((done.finishedAt?.getTime() ?? 0) - done.startedAt.getTime()) / 1000;
  print(`${done.job} ${done.outcome} in ${seconds.toFixed(1)} s`);
  if (done.error) process.stderr.write(`${done.error}\n`);
  else print(JSON.stringify(done.report, null, 2));
  return done.outcome === 'ok' ? 0 : 1;
}

/** Runs one jobs command. Exit codes: 0 well, 1 the job failed or runs already, 2 wrong usage. */
export async function jobsCommand([command, name, ...more]: string[]): Promise<number> {
  if (command === 'list' && !name) return list();
  if (command === 'run' && name && more.length === 0) return run(name);
  process.stderr.write(`${usage}\n`);
  return command === undefined || command === 'help' ? 0 : 2;
}
