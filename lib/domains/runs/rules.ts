/** Rules of what is reported of a run: how much, until when, and which state of a step follows which. */
import type { stepStatuses } from '@/lib/domains/runs/tables';

export type StepStatus = (typeof stepStatuses)[number];

/** Most steps a run keeps, and most data-quality results; an execution of a step counts once however often it is updated. */
export const maxReportsPerRun = 10_000;

/** How long after a run's end its steps and checks are still taken: workers send them late, but not for ever. */
export const reportGraceHours = 24;
const hourMs = 3_600_000;

/** Last instant at which reports of a run are taken; null while it runs. */
export const reportsUntil = (endTime: Date | null): Date | null =>
  endTime && new Date(endTime.getTime() + reportGraceHours * hourMs);

/**
 * What a step that was last reported in a state may be reported as. The same again is a repeat of the report; a step that
 * has ended stays so, because another try is another execution with an id of its own.
 */
export const stepTransitions: Record<StepStatus, readonly StepStatus[]> = {
  PENDING: ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED'],
  RUNNING: ['RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED'],
  COMPLETED: ['COMPLETED'],
  FAILED: ['FAILED'],
  SKIPPED: ['SKIPPED'],
};

/** Whether a step may go from one state to the other. */
export const mayFollow = (before: StepStatus, after: StepStatus): boolean => stepTransitions[before].includes(after);
