/** POST /v1/runs/{pipeline_logging_id}/heartbeat */
import { heartbeatInput } from '@/lib/domains/runs/input';
import { heartbeat } from '@/lib/domains/runs/lease';
import { defineV1Route } from '@/lib/edge/v1/define-route';
import { customerId, runBody, runParams, runSchema } from '@/lib/edge/v1/routes/run-schemas';
import { requireCustomer } from '@/lib/kernel/ctx';

export const heartbeatRun = defineV1Route({
  operationId: 'heartbeatRun',
  method: 'POST',
  path: '/v1/runs/{pipeline_logging_id}/heartbeat',
  who: 'both',
  ofStartedRun: true,
  permission: 'runs:write',
  summary: 'Extend a lease',
  description: 'Says that the worker lives: the lease starts anew from now.',
  params: runParams,
  body: heartbeatInput.extend({ customer_id: customerId.optional() }),
  success: { status: 200, description: 'The run with its new lease.', schema: runSchema },
  errors: ['not_found', 'lease_expired', 'run_finished'],
  handler: async ({ ctx, params, body }) => {
    const { customer_id: _named, ...input } = body;
    const run = await heartbeat(requireCustomer(ctx), params.pipeline_logging_id, input);
    return { status: 200, body: runBody(run) };
  },
});
