/** POST /v1/runs/{pipeline_logging_id}/cancel */
import { requestCancel } from '@/lib/domains/runs/start/cancel';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { runBody, runParams, runSchema } from '@/lib/edge/v1/routes/run-schemas';

export const cancelRun = defineOperationRoute({
  operationId: 'cancelRun',
  method: 'POST',
  path: '/v1/runs/{pipeline_logging_id}/cancel',
  who: 'both',
  ofStartedRun: true,
  summary: 'Cancel a run',
  description:
    'A run that waits is CANCELLED at once. A running one goes on until its worker has been told, by `cancel_requested` in ' +
    'the answer to its next heartbeat, and completes it as CANCELLED; where its lease runs out it is CANCELLED too. Asked ' +
    'again it answers the same.',
  params: runParams,
  success: { status: 200, description: 'The run as it is now.', schema: runSchema },
  errors: ['not_found', 'run_finished', 'run_observed'],
  operation: requestCancel,
  args: ({ params }) => [params.pipeline_logging_id],
  answer: run => ({ status: 200, body: runBody(run) }),
});
