/** Shapes that several calls answer, with the descriptions the OpenAPI document shows. */
import { z } from 'zod';
import { type Run, runOrigins, runStatuses, triggerTypes } from '@/lib/domains/runs/tables';
import { statusOfCode } from '@/lib/platform/errors';

const instant = z.iso.datetime();

export const runId = z.uuid().meta({ description: 'Id of the run, as POST /v1/runs answered it.' });

export const runParams = z.strictObject({ pipeline_logging_id: runId });

export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'Address of the explanation of this code.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What went wrong, for people.' }),
    code: z
      .enum(Object.keys(statusOfCode))
      .meta({ description: 'Stable name of the error; write code against this one.' }),
    request_id: z.string().meta({ description: 'Name this id when you write to us.' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string(), code: z.string().optional() }))
      .optional()
      .meta({ description: 'One entry for each wrong field.' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457), sent as application/problem+json.' });

export const runSchema = z
  .strictObject({
    pipeline_logging_id: runId,
    pipeline_id: z.string().meta({ example: 'daily_costs' }),
    status: z.enum(runStatuses).meta({
      description:
        'PENDING while it waits for a worker to claim it; RUNNING until it is completed or its lease runs out, which makes it FAILED.',
    }),
    trigger_type: z.enum(triggerTypes),
    trigger_by: z.string().meta({ description: 'Who or what triggered the run.' }),
    start_time: instant,
    end_time: instant.nullable(),
    duration_ms: z.int().nullable(),
    config_version: z.string().nullable(),
    worker_instance: z.string().nullable(),
    error_message: z.string().nullable(),
    parameters: z.record(z.string(), z.unknown()).nullable(),
    origin: z.enum(runOrigins).meta({
      description:
        'Where it was asked for: by this API, in the portal, or by the schedule of a provider config; `observed` where its orchestrator started and reported it.',
    }),
    orchestrator: z.string().nullable().meta({ description: 'Who reported of it by OpenLineage: DBT, AIRFLOW.' }),
    job_namespace: z.string().nullable().meta({ description: 'The job as its orchestrator names it.' }),
    job_name: z.string().nullable(),
    rerun_of: z.uuid().nullable().meta({ description: 'The run that it repeats.' }),
    config_id: z.string().nullable().meta({ description: 'The provider config that it runs.' }),
    scheduled_for: instant
      .nullable()
      .meta({ description: 'The time of the config’s schedule that it was made for; null where no schedule made it.' }),
    created_at: instant.meta({ description: 'When it was asked for; a run that waited starts later.' }),
    cancel_requested: z
      .boolean()
      .meta({ description: 'True when somebody asked for its end: stop, and complete it as CANCELLED.' }),
    cancel_requested_at: instant.nullable(),
    pending_reason: z
      .string()
      .nullable()
      .meta({ description: 'Why it still waits: the code of the refusal when it was last claimed.' }),
    step_count: z.int().meta({ description: 'Steps reported of it.' }),
    check_count: z.int().meta({ description: 'Data-quality results reported of it.' }),
    checks_failed: z.int().meta({ description: 'Those with overall_status FAIL.' }),
    rows_processed: z.int().nullable().meta({ description: 'Sum over its steps; null where none said.' }),
    lease_expires_at: instant
      .nullable()
      .meta({ description: 'Send a heartbeat before; afterwards the run is FAILED. Null while it is PENDING.' }),
  })
  .meta({ id: 'Run' });

/** A run as the data plane shows it. */
export const runBody = (run: Run): z.input<typeof runSchema> => ({
  pipeline_logging_id: run.pipelineLoggingId,
  pipeline_id: run.pipelineId,
  status: run.status,
  trigger_type: run.triggerType,
  trigger_by: run.triggerBy,
  start_time: run.startTime.toISOString(),
  end_time: run.endTime?.toISOString() ?? null,
  duration_ms: run.durationMs,
  config_version: run.configVersion,
  worker_instance: run.workerInstance,
  error_message: run.errorMessage,
  parameters: run.parameters as Record<string, unknown> | null,
  origin: run.origin,
  orchestrator: run.orchestrator,
  job_namespace: run.jobNamespace,
  job_name: run.jobName,
  rerun_of: run.rerunOf,
  config_id: run.configId,
  scheduled_for: run.scheduledFor?.toISOString() ?? null,
  created_at: run.createdAt.toISOString(),
  cancel_requested: run.cancelRequestedAt !== null,
  cancel_requested_at: run.cancelRequestedAt?.toISOString() ?? null,
  pending_reason: run.pendingReason,
  step_count: run.stepCount,
  check_count: run.checkCount,
  checks_failed: run.checksFailed,
  rows_processed: run.rowsProcessed,
  lease_expires_at: run.leaseExpiresAt?.toISOString() ?? null,
});
