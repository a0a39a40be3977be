/** A job as a step of its run. Pure. Source: docs/lineage.md, Steps and checks. */
import { errorOf } from '@/lib/domains/lineage/apply/error-of';
import { stepStatusOf } from '@/lib/domains/lineage/apply/run-state';
import { boundedJson } from '@/lib/domains/lineage/apply/told-facets';
import { textIn } from '@/lib/domains/lineage/merge/facets';
import type { LineageJob } from '@/lib/domains/lineage/tables';
import type { ToldStep } from '@/lib/domains/runs/observe/told-steps';
import { storableStart } from '@/lib/kernel/storable';

/** The job’s row among the steps of the run; its place is said where it is stored. */
export function stepOf(job: LineageJob, runId: string): ToldStep {
  const startTime = job.storedStart ?? job.startTime ?? job.firstEventTime;
  const status = stepStatusOf(job);
  const endTime = job.terminalTime && new Date(Math.max(job.terminalTime.getTime(), startTime.getTime()));
  return {
    stepLoggingId: job.stepLoggingId,
    customerId: job.customerId,
    pipelineLoggingId: runId,
    stepName: storableStart(job.name, 200),
    stepType: storableStart((textIn(job.facets['job.jobType']?.value, 'jobType') ?? 'task').toLowerCase(), 100),
    status,
    startTime,
    endTime,
    durationMs: endTime && endTime.getTime() - startTime.getTime(),
    rowsProcessed: job.rowsProcessed,
    errorMessage: status === 'FAILED' ? errorOf(job) : null,
    metadata: boundedJson(job),
  };
}
