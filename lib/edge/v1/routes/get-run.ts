/** GET /v1/runs/{pipeline_logging_id} */
import { findRun } from '@/lib/domains/runs/reads/run-history';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { runBody, runParams, runSchema } from '@/lib/edge/v1/routes/run-schemas';

export const getRun = defineOperationRoute({
  operationId: 'getRun',
  method: 'GET',
  path: '/v1/runs/{pipeline_logging_id}',
  who: 'both',
  summary: 'Read a run',
  description: 'The run as it is now. A run of another customer is not found.',
  params: runParams,
  success: { status: 200, description: 'The run.', schema: runSchema },
  errors: ['not_found', 'invalid_input'],
  operation: findRun,
  args: ({ params }) => [params.pipeline_logging_id],
  answer: run => ({ status: 200, body: runBody(run) }),
});
