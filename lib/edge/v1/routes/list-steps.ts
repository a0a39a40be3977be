/** GET /v1/runs/{pipeline_logging_id}/steps */
import { z } from 'zod';
import { readSteps } from '@/lib/domains/runs/reports/read-reports';
import { stepStatuses } from '@/lib/domains/runs/tables';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { runParams } from '@/lib/edge/v1/routes/run-schemas';

const instant = z.iso.datetime();
const stepSchema = z.strictObject({
  step_logging_id: z.uuid(),
  step_name: z.string(),
  step_type: z.string(),
  step_index: z.int(),
  status: z.enum(stepStatuses),
  start_time: instant,
  end_time: instant.nullable(),
  duration_ms: z.int().nullable(),
  rows_processed: z.int().nullable(),
  error_message: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
});

export const listSteps = defineOperationRoute({
  operationId: 'listSteps',
  method: 'GET',
  path: '/v1/runs/{pipeline_logging_id}/steps',
  who: 'both',
  summary: 'Read steps of a run',
  description: 'What was reported, by start. Follow `next_cursor` by sending it as `after` until it is null.',
  params: runParams,
  success: {
    status: 200,
    description: 'One page of steps.',
    schema: z.strictObject({
      data: z.array(stepSchema),
      next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
    }),
  },
  errors: ['not_found', 'invalid_input', 'invalid_cursor'],
  operation: readSteps,
  args: ({ params }) => [params.pipeline_logging_id],
  answer: ({ rows, next }) => ({
    status: 200,
    body: {
      data: rows.map(step => ({
        step_logging_id: step.stepLoggingId,
        step_name: step.stepName,
        step_type: step.stepType,
        step_index: step.stepIndex,
        status: step.status,
        start_time: step.startTime.toISOString(),
        end_time: step.endTime?.toISOString() ?? null,
        duration_ms: step.durationMs,
        rows_processed: step.rowsProcessed,
        error_message: step.errorMessage,
        metadata: step.metadata as Record<string, unknown> | null,
      })),
      next_cursor: next,
    },
  }),
});
