/** What happened to a run, in time: asked for or started elsewhere, started, steps, checks, cancellation, end. Pure. */
import { orchestratorName } from '@/app/(portal)/_runs/observed';
import type { RunCheck, RunStep } from '@/lib/domains/runs/reads/run-parts';
import type { Run } from '@/lib/domains/runs/tables';

export type RunEvent = { at: Date; text: string };

/** Steps that are told one by one; of more, only those that failed. */
const toldSteps = 20;

const stepEnd: Partial<Record<RunStep['status'], string>> = { COMPLETED: 'succeeded', FAILED: 'failed' };
const runEnd: Partial<Record<Run['status'], string>> = {
  COMPLETED: 'Succeeded',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
};

function stepEvents(steps: readonly RunStep[]): RunEvent[] {
  const told =
    steps.length <= toldSteps ? steps : steps.filter(({ status }) => status === 'FAILED').slice(0, toldSteps);
  return told.flatMap(step => {
    const name = `Step ${step.step_index + 1} “${step.step_name}”`;
    const end = stepEnd[step.status];
    if (step.status === 'SKIPPED') return [{ at: step.start_time, text: `${name} was skipped` }];
    if (step.status === 'PENDING') return [];
    return [
      { at: step.start_time, text: `${name} started` },
      ...(step.end_time && end ? [{ at: step.end_time, text: `${name} ${end}` }] : []),
    ];
  });
}

/** Checks made at one instant, as one event. */
function checkEvents(checks: readonly RunCheck[]): RunEvent[] {
  const byInstant = Map.groupBy(checks, check => check.executed_at.getTime());
  return [...byInstant].map(([atMs, made]) => {
    const failed = made.filter(check => check.overall_status === 'FAIL').length;
    const what = made.length === 1 ? '1 check' : `${made.length} checks`;
    return { at: new Date(atMs), text: `${what} made${failed > 0 ? `, ${failed} failed` : ''}` };
  });
}

type Told = {
  run: Run;
  steps: readonly RunStep[];
  checks: readonly RunCheck[];
  /** Who asked for the run, and who for its cancellation, by name. */
  askedBy: string;
  cancelledBy: string | null;
};

/** The events in time; those of one instant in the order in which they follow from one another. */
export function runEvents({ run, steps, checks, askedBy, cancelledBy }: Told): RunEvent[] {
  const worker = run.workerInstance ? ` on ${run.workerInstance}` : '';
  if (run.origin === 'observed')
    return inTime([...observedEvents(run, askedBy), ...stepEvents(steps), ...checkEvents(checks)]);
  const isStarted = run.status !== 'PENDING' && (run.quotaCharge > 0 || run.status === 'RUNNING');
  const end = runEnd[run.status];
  const events: RunEvent[] = [
    { at: run.createdAt, text: `Asked for by ${askedBy}` },
    ...(isStarted ? [{ at: run.startTime, text: `Started${worker}` }] : []),
    ...stepEvents(steps),
    ...checkEvents(checks),
    ...(run.cancelRequestedAt
      ? [{ at: run.cancelRequestedAt, text: `Cancellation asked for${cancelledBy ? ` by ${cancelledBy}` : ''}` }]
      : []),
    ...(run.endTime && end ? [{ at: run.endTime, text: run.leaseExpired ? `${end}: no heartbeat came` : end }] : []),
  ];
  return inTime(events);
}

const inTime = (events: RunEvent[]): RunEvent[] => events.toSorted((a, b) => a.at.getTime() - b.at.getTime());

/** Start and end of a run that nobody here asked for. */
function observedEvents(run: Run, reportedBy: string): RunEvent[] {
  const by = orchestratorName(run.orchestrator);
  const end = runEnd[run.status];
  return [
    { at: run.startTime, text: `Started${by ? ` by ${by}` : ''}, reported by ${reportedBy}` },
    ...(run.endTime && end
      ? [{ at: run.endTime, text: run.leaseExpired ? `${end}: nothing was told of it` : end }]
      : []),
  ];
}
