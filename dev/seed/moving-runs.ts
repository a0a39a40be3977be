/** What moves in the demo when it is looked at: a run that is running, and one that a person asked for again. */
import { addTotals, type DemoCaller, type History, type NewRun, newRun } from '@/dev/seed/history';
import { demoPipelines } from '@/dev/seed/pipelines';
import type { Random } from '@/dev/seed/random';
import { utcDay } from '@/lib/platform/clock';

/** Nobody works on it, so that it goes on for as long as a lease may. */
const leaseSeconds = 86_400;
const pendingHours = 24;

type Options = {
  customerId: string;
  random: Random;
  now: Date;
  keys: readonly DemoCaller[];
  /** Who asked for a failed run again. */
  askedBy: string;
};

/** Adds both runs; the running one counts to today, the waiting one to no day yet. */
export function addMovingRuns(history: History, options: Options): void {
  const today = history.days.at(-1);
  if (today) today.runs++;
  history.runs.push(runningRun(history, options));
  const failed = history.runs.findLast(run => run.status === 'FAILED');
  if (failed) history.runs.push(waitingRun(failed, options));
}

function runningRun(history: History, { customerId, random, now, keys }: Options): NewRun {
  const pipeline = demoPipelines.find(({ id }) => id === 'warehouse_snapshot') ?? random.pick(demoPipelines);
  // Never before today: it takes today's quota.
  const startMs = Math.max(now.getTime() - 190_000, Date.parse(`${utcDay(now)}T00:00:00Z`));
  const run = newRun({ customerId, random, keys }, pipeline, startMs);
  const moving: NewRun = {
    ...run,
    status: 'RUNNING',
    leaseSeconds,
    leaseExpiresAt: new Date(startMs + leaseSeconds * 1_000),
  };
  for (const [stepIndex, { name, type }] of pipeline.steps.slice(0, 2).entries()) {
    const isDone = stepIndex === 0;
    history.steps.push({
      stepLoggingId: random.uuid(),
      customerId,
      pipelineLoggingId: run.pipelineLoggingId,
      stepName: name,
      stepType: type,
      stepIndex,
      status: isDone ? 'COMPLETED' : 'RUNNING',
      startTime: new Date(startMs + (isDone ? 0 : 400)),
      endTime: isDone ? new Date(startMs + 400) : null,
      durationMs: isDone ? 400 : null,
      rowsProcessed: null,
      errorMessage: null,
      metadata: null,
      updatedAt: new Date(startMs + 400),
    });
  }
  addTotals(history, moving);
  return moving;
}

function waitingRun(failed: NewRun, { random, now, askedBy }: Options): NewRun {
  const { customerId, pipelineId, configVersion, parameters } = failed;
  const askedAt = new Date(now.getTime() - 40_000);
  return {
    pipelineLoggingId: random.uuid(),
    customerId,
    pipelineId,
    status: 'PENDING',
    triggerType: 'retry',
    triggerBy: askedBy,
    startedBy: askedBy,
    origin: 'portal',
    rerunOf: failed.pipelineLoggingId,
    createdAt: askedAt,
    startTime: askedAt,
    configVersion,
    parameters,
    leaseSeconds: failed.leaseSeconds,
    pendingExpiresAt: new Date(now.getTime() + pendingHours * 3_600_000),
  };
}
