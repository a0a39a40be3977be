/** runs (as two tables), step_logs and dq_results → the tenant's dataset. Source: docs/spec/002-pipeline-metadata.md. */
import { type DqResult, dqResults, type Run, runs, type StepLog, stepLogs } from '@/lib/domains/runs/tables';
import { defineMirror } from '@/lib/warehouse/mirror/define-mirror';
import { mirrorSource } from '@/lib/warehouse/mirror/mirror-source';
import {
  type DqResultsRow,
  type PipelineRunsRow,
  type RunDetailsRow,
  type StepLogsRow,
  tables,
} from '@/lib/warehouse/rows/metadata';

/**
 * The document knows no cancelled runs: they are FAILED with a message that begins `cancelled:`.
 * Source: docs/architecture.md, Quota.
 */
const asDocumented = (run: Run): Pick<PipelineRunsRow, 'status' | 'error_message'> =>
  run.status === 'CANCELLED'
    ? { status: 'FAILED', error_message: `cancelled: ${run.errorMessage ?? 'by the caller'}` }
    : { status: run.status, error_message: run.errorMessage };

export const runsMirror = defineMirror<Run, PipelineRunsRow>({
  name: 'tenant.pipeline_runs',
  shape: tables.pipeline_runs,
  mode: 'upsert',
  ...mirrorSource(runs, { key: runs.pipelineLoggingId, customer: runs.customerId }),
  keyOf: run => run.pipelineLoggingId,
  customerOf: run => run.customerId,
  // A run that waited starts when it is claimed, one that is observed when its first START says; maybe on another day.
  movedFrom: run => run.createdAt,
  toRow: run => ({
    pipeline_logging_id: run.pipelineLoggingId,
    pipeline_id: run.pipelineId,
    tenant_id: run.customerId,
    ...asDocumented(run),
    trigger_type: run.triggerType,
    trigger_by: run.triggerBy,
    start_time: run.startTime,
    end_time: run.endTime,
    duration_ms: run.durationMs,
    config_version: run.configVersion,
    worker_instance: run.workerInstance,
    parameters: run.parameters,
  }),
});

/** What is ours of a run, beside the columns of the document. Whoever tells one of the two mirrors tells both. */
export const runDetailsMirror = defineMirror<Run, RunDetailsRow>({
  name: 'tenant.run_details',
  shape: tables.run_details,
  mode: 'upsert',
  ...mirrorSource(runs, { key: runs.pipelineLoggingId, customer: runs.customerId }),
  keyOf: run => run.pipelineLoggingId,
  customerOf: run => run.customerId,
  toRow: run => ({
    pipeline_logging_id: run.pipelineLoggingId,
    tenant_id: run.customerId,
    created_at: run.createdAt,
    created_by: run.startedBy,
    api_key_id: run.apiKeyId,
    origin: run.origin,
    rerun_of: run.rerunOf,
    config_id: run.configId,
    scheduled_for: run.scheduledFor,
    quota_day: run.runDay,
    quota_charge: run.quotaCharge,
    lease_expired: run.leaseExpired,
    cancel_requested_by: run.cancelRequestedBy,
    cancel_requested_at: run.cancelRequestedAt,
    pending_reason: run.pendingReason,
    step_count: run.stepCount,
    check_count: run.checkCount,
    checks_failed: run.checksFailed,
    rows_processed: run.rowsProcessed,
    error_pattern: run.errorPattern,
    error_fingerprint: run.errorFingerprint,
    orchestrator: run.orchestrator,
    job_namespace: run.jobNamespace,
    job_name: run.jobName,
    orchestrator_run_id: run.orchestratorRunId,
    reported_start_time: run.reportedStartTime,
    late_events: run.lateEvents,
  }),
});

export const stepLogsMirror = defineMirror<StepLog, StepLogsRow>({
  name: 'tenant.step_logs',
  shape: tables.step_logs,
  mode: 'upsert',
  ...mirrorSource(stepLogs, { key: stepLogs.stepLoggingId, customer: stepLogs.customerId }),
  keyOf: step => step.stepLoggingId,
  customerOf: step => step.customerId,
  toRow: step => ({
    step_logging_id: step.stepLoggingId,
    pipeline_logging_id: step.pipelineLoggingId,
    step_name: step.stepName,
    step_type: step.stepType,
    step_index: step.stepIndex,
    status: step.status,
    start_time: step.startTime,
    end_time: step.endTime,
    duration_ms: step.durationMs,
    rows_processed: step.rowsProcessed,
    error_message: step.errorMessage,
    metadata: step.metadata,
  }),
});

export const dqResultsMirror = defineMirror<DqResult, DqResultsRow>({
  name: 'tenant.dq_results',
  shape: tables.dq_results,
  // What an orchestrator tells of a check may still change; a worker’s stays as it was first sent.
  mode: 'upsert',
  ...mirrorSource(dqResults, { key: dqResults.dqResultId, customer: dqResults.customerId }),
  keyOf: result => result.dqResultId,
  customerOf: result => result.customerId,
  toRow: result => ({
    dq_result_id: result.dqResultId,
    pipeline_logging_id: result.pipelineLoggingId,
    tenant_id: result.customerId,
    target_table: result.targetTable,
    dq_config_id: result.dqConfigId,
    executed_at: result.executedAt,
    expectations_passed: result.expectationsPassed,
    expectations_failed: result.expectationsFailed,
    failed_expectations: result.failedExpectations,
    overall_status: result.overallStatus,
    ingestion_date: result.ingestionDate,
  }),
});
