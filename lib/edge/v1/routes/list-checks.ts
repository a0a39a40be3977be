/** GET /v1/runs/{pipeline_logging_id}/dq-results */
import { z } from 'zod';
import { readChecks } from '@/lib/domains/runs/reports/read-reports';
import { checkStatuses } from '@/lib/domains/runs/tables';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { runParams } from '@/lib/edge/v1/routes/run-schemas';

const checkSchema = z.strictObject({
  dq_result_id: z.uuid(),
  target_table: z.string(),
  dq_config_id: z.string(),
  executed_at: z.iso.datetime(),
  expectations_passed: z.int(),
  expectations_failed: z.int(),
  failed_expectations: z.array(z.unknown()).nullable(),
  overall_status: z.enum(checkStatuses),
});

export const listChecks = defineOperationRoute({
  operationId: 'listChecks',
  method: 'GET',
  path: '/v1/runs/{pipeline_logging_id}/dq-results',
  who: 'both',
  summary: 'Read data-quality results of a run',
  description:
    'What was reported, by when it was made. Follow `next_cursor` by sending it as `after` until it is null.',
  params: runParams,
  success: {
    status: 200,
    description: 'One page of results.',
    schema: z.strictObject({
      data: z.array(checkSchema),
      next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
    }),
  },
  errors: ['not_found', 'invalid_input', 'invalid_cursor'],
  operation: readChecks,
  args: ({ params }) => [params.pipeline_logging_id],
  answer: ({ rows, next }) => ({
    status: 200,
    body: {
      data: rows.map(result => ({
        dq_result_id: result.dqResultId,
        target_table: result.targetTable,
        dq_config_id: result.dqConfigId,
        executed_at: result.executedAt.toISOString(),
        expectations_passed: result.expectationsPassed,
        expectations_failed: result.expectationsFailed,
        failed_expectations: result.failedExpectations as unknown[] | null,
        overall_status: result.overallStatus,
      })),
      next_cursor: next,
    },
  }),
});
