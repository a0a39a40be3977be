/** POST /v1/runs/{pipeline_logging_id}/complete */
import { completeRunInput } from '@/lib/domains/runs/input';
import { completeRun as complete } from '@/lib/domains/runs/lease';
import { defineV1Route } from '@/lib/edge/v1/define-route';
import { quotaBody, quotaSchema } from '@/lib/edge/v1/routes/quota-body';
import { customerId, runBody, runParams, runSchema } from '@/lib/edge/v1/routes/run-schemas';
import { requireCustomer } from '@/lib/kernel/ctx';

export const completeRun = defineV1Route({
  operationId: 'completeRun',
  method: 'POST',
  path: '/v1/runs/{pipeline_logging_id}/complete',
  who: 'both',
  ofStartedRun: true,
  permission: 'runs:write',
  summary: 'End a run',
  description:
    'Ends the run once, frees its slot and counts it on its start day. The same status again answers the same.',
  params: runParams,
  body: completeRunInput.safeExtend({ customer_id: customerId.optional() }),
  success: {
    status: 200,
    description: 'The run as it ended.',
    schema: runSchema.extend({ quota: quotaSchema }).meta({ id: 'EndedRun' }),
  },
  errors: ['not_found', 'lease_expired', 'run_finished'],
  handler: async ({ ctx, params, body }) => {
    const { customer_id: _named, ...input } = body;
    const { run, quota } = await complete(requireCustomer(ctx), params.pipeline_logging_id, input);
    return { status: 200, body: { ...runBody(run), quota: quotaBody(quota) } };
  },
});
