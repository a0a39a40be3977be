/** What a run’s jobs say of it: its state, its end, its start, and when it must be looked at again. Pure. Source: docs/lineage.md, State. */
import type { JobSummary, OwnJob } from '@/lib/domains/lineage/apply/own-job';
import { settleSeconds, silenceHours, unreportedMinutes } from '@/lib/domains/lineage/rules';
import type { LineageRun, TerminalType } from '@/lib/domains/lineage/tables';
import type { RunStatus, stepStatuses } from '@/lib/domains/runs/tables';

type Told = Pick<LineageRun, 'heardAt' | 'lastHeardAt'>;
export type RunState = {
  status: Extract<RunStatus, 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED'>;
  endTime: Date | null;
  /** Nobody told of its end: its orchestrator went silent. */
  isSilent: boolean;
};

/** What the end of its own job makes of a run. */
export const statusOf: Record<TerminalType, Exclude<RunState['status'], 'RUNNING'>> = {
  COMPLETE: 'COMPLETED',
  FAIL: 'FAILED',
  ABORT: 'CANCELLED',
};

/** Until when one waits for a START that may still come. */
export const settleAt = ({ heardAt }: { heardAt: Date }): Date => new Date(heardAt.getTime() + settleSeconds * 1_000);
/** When silence ends a run that goes on. */
export const silentAt = ({ lastHeardAt }: Told): Date => new Date(lastHeardAt.getTime() + silenceHours * 3_600_000);
/** When a run whose root never reported is over, if all of its jobs are. */
const unreportedAt = ({ lastHeardAt }: Told): Date => new Date(lastHeardAt.getTime() + unreportedMinutes * 60_000);

const hasFailed = (job: JobSummary): boolean => job.terminalType === 'FAIL' && !job.isSkipped;

/** What a job is as a step. */
export function stepStatusOf(job: JobSummary): (typeof stepStatuses)[number] {
  if (job.terminalType === null) return 'RUNNING';
  if (job.terminalType === 'ABORT' || job.isSkipped) return 'SKIPPED';
  return hasFailed(job) ? 'FAILED' : 'COMPLETED';
}

/** The end of a run by its jobs, where its root never reported. */
function endByJobs(jobs: readonly JobSummary[]): RunState {
  const endTime = new Date(Math.max(...jobs.map(job => (job.terminalTime ?? job.firstEventTime).getTime())));
  const failed = jobs.some(job => (job.isBelowRoot || job.sharesRootId) && hasFailed(job));
  const cancelled = jobs.every(({ terminalType }) => terminalType === 'ABORT');
  return { status: failed ? 'FAILED' : cancelled ? 'CANCELLED' : 'COMPLETED', endTime, isSilent: false };
}

const running: RunState = { status: 'RUNNING', endTime: null, isSilent: false };

/** The state of an observed run at `now`. */
export function stateOf(run: Told, jobs: readonly JobSummary[], own: OwnJob<JobSummary> | null, now: Date): RunState {
  const type = own?.job.terminalType;
  if (own && type) return { status: statusOf[type], endTime: own.job.terminalTime, isSilent: false };
  const isOpen = own !== null || jobs.some(({ terminalType }) => terminalType === null);
  if (!isOpen) return now >= unreportedAt(run) ? endByJobs(jobs) : running;
  return now >= silentAt(run) ? { status: 'FAILED', endTime: silentAt(run), isSilent: true } : running;
}

/**
 * The start that is settled now, or null where one waits for it: a START of what is surely the run itself, else after a
 * minute the earliest that was told.
 */
export function settledStart(
  run: Told,
  jobs: readonly JobSummary[],
  own: OwnJob<JobSummary> | null,
  now: Date,
): Date | null {
  const isDue = now >= settleAt(run);
  if (own?.job.startTime && (own.certain || isDue)) return own.job.startTime;
  return isDue ? new Date(Math.min(...jobs.map(job => job.firstEventTime.getTime()))) : null;
}

/** Whether a job may be written as a step: its START is known, or nobody waits for it any longer. */
export const isStepDue = (job: JobSummary, now: Date): boolean => job.startTime !== null || now >= settleAt(job);

/** When the sweep must look at the run again: the earliest instant at which it would decide otherwise; null for never. */
export function nextLookAt(
  run: Told & Pick<LineageRun, 'settledAt' | 'isReserved'>,
  jobs: readonly JobSummary[],
  { own, state, now }: { own: OwnJob<JobSummary> | null; state: RunStatus; now: Date },
): Date | null {
  const unwritten = jobs.filter(job => job.storedStart === null && job.stepLoggingId !== own?.job.stepLoggingId);
  // More were due than are written at once.
  if (unwritten.some(job => isStepDue(job, now))) return now;
  const waiting = unwritten.map(settleAt);
  const isOpen = own !== null || jobs.some(({ terminalType }) => terminalType === null);
  const undecided = run.settledAt === null || (run.isReserved && own?.certain === false);
  const looks = [
    ...waiting,
    ...(undecided ? [settleAt(run)] : []),
    ...(state === 'RUNNING' && !run.isReserved ? [isOpen ? silentAt(run) : unreportedAt(run)] : []),
  ].filter(at => at > now);
  return looks.length > 0 ? new Date(Math.min(...looks.map(at => at.getTime()))) : null;
}
