/** Shapes that several calls answer, with the descriptions the OpenAPI document shows. */
import { z } from 'zod';
import { type Run, runStatuses, triggerTypes } from '@/lib/domains/runs/tables';
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
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'One entry for each wrong field.' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457), sent as application/problem+json.' });

export const runSchema = z
  .strictObject({
    pipeline_logging_id: runId,
    pipeline_id: z.string().meta({ example: 'daily_costs' }),
    status: z
      .enum(runStatuses)
      .meta({ description: 'RUNNING until it is completed or its lease runs out, which makes it FAILED.' }),
    trigger_type: z.enum(triggerTypes),
    trigger_by: z.string().meta({ description: 'Who or what triggered the run.' }),
    start_time: instant,
    end_time: instant.nullable(),
    duration_ms: z.int().nullable(),
    config_version: z.string().nullable(),
    worker_instance: z.string().nullable(),
    error_message: z.string().nullable(),
    parameters: z.record(z.string(), z.unknown()).nullable(),
    lease_expires_at: instant
      .nullable()
      .meta({ description: 'Send a heartbeat before; afterwards the run is FAILED. Null while it is PENDING.' }),
  })
  .meta({ id: 'Run' });

/** A run as the data plane shows it. */
export const runBody = (run: Omit<Run, 'startedBy' | 'leaseSeconds'>): z.input<typeof runSchema> => ({
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
  lease_expires_at: run.leaseExpiresAt?.toISOString() ?? null,
});
