/** POST /v1/runs/{pipeline_logging_id}/heartbeat */
import { heartbeat } from '@/lib/domains/runs/start/lease';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { runBody, runParams, runSchema } from '@/lib/edge/v1/routes/run-schemas';

export const heartbeatRun = defineOperationRoute({
  operationId: 'heartbeatRun',
  method: 'POST',
  path: '/v1/runs/{pipeline_logging_id}/heartbeat',
  who: 'both',
  ofStartedRun: true,
  summary: 'Extend a lease',
  description:
    'Says that the worker lives: the lease starts anew from now. Where `cancel_requested` is true, stop and complete the run as CANCELLED.',
  params: runParams,
  success: { status: 200, description: 'The run with its new lease.', schema: runSchema },
  errors: ['not_found', 'lease_expired', 'run_finished', 'run_not_started', 'run_observed'],
  operation: heartbeat,
  args: ({ params }) => [params.pipeline_logging_id],
  answer: run => ({ status: 200, body: runBody(run) }),
});
