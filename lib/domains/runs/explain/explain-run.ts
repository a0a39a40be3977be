/** Why a run failed, from the run, its steps and its checks together, for pages and machines. Pure. */
import { errorOf, type FailedRun } from '@/lib/domains/runs/explain/failed-run';
import { type FailureReason, failureReason } from '@/lib/domains/runs/explain/failure-reason';
import { brokenStep } from '@/lib/domains/runs/explain/reported-step';
import type { RunCheck, RunStep } from '@/lib/domains/runs/reads/run-parts';
import type { Run } from '@/lib/domains/runs/tables';

export type Explanation = FailureReason & {
  /** The step that broke it, and its check where the step is a test that failed. */
  step: RunStep | undefined;
  check: RunCheck | undefined;
  /** What was written, in its senders' words, what says most first. */
  texts: string[];
};

/** The explanation; null for a run that did not fail. `cancelledBy` is whoever asked for its end, by name. */
export function explainRun(
  run: Run,
  steps: readonly RunStep[],
  checks: readonly RunCheck[],
  cancelledBy: string | null,
): Explanation | null {
  if (run.status !== 'FAILED' && run.status !== 'CANCELLED') return null;
  const step = brokenStep(steps);
  // The check of a step that is a test has the name of its job.
  const check = step && checks.find(made => made.overall_status === 'FAIL' && made.dq_config_id === step.step_name);
  const failed: FailedRun = {
    ...run,
    status: run.status,
    isObserved: run.origin === 'observed',
    step: step
      ? {
          index: step.step_index,
          name: step.step_name,
          errorMessage: step.error_message,
          hasFailedCheck: check !== undefined,
        }
      : null,
    worker: run.workerInstance,
    cancelledBy,
    checks: run.checkCount,
  };
  const texts = [...new Set([errorOf(failed), run.errorMessage])].filter(text => text !== null);
  return { ...failureReason(failed), step, check, texts };
}
