/** What of a failed run its reason is found from. */

export type FailedRun = {
  status: 'FAILED' | 'CANCELLED';
  errorMessage: string | null;
  /** The step that failed first, or, where its worker was lost, the one that was running. */
  step: { index: number; name: string; errorMessage: string | null; hasFailedCheck?: boolean } | null;
  /** Its orchestrator started and ended it; we were only told. */
  isObserved: boolean;
  leaseExpired: boolean;
  leaseSeconds: number;
  worker: string | null;
  cancelledBy: string | null;
  checks: number;
  checksFailed: number;
};

/** The text that says most: the step's own, else the run's; null where there is none. */
export function errorOf({ step, errorMessage }: Pick<FailedRun, 'step' | 'errorMessage'>): string | null {
  return [step?.errorMessage, errorMessage].find(text => text?.trim()) ?? null;
}
