/** GET /v1/runs/{pipeline_logging_id} */
import { z } from 'zod';
import { findRun } from '@/lib/domains/runs/run-history';
import { defineV1Route } from '@/lib/edge/v1/define-route';
import { customerId, runBody, runParams, runSchema } from '@/lib/edge/v1/routes/run-schemas';
import { requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

export const getRun = defineV1Route({
  operationId: 'getRun',
  method: 'GET',
  path: '/v1/runs/{pipeline_logging_id}',
  who: 'both',
  permission: 'runs:read',
  summary: 'Read a run',
  description: 'The run as it is now. A run of another customer is not found.',
  params: runParams,
  query: z.strictObject({ customer_id: customerId.optional() }),
  success: { status: 200, description: 'The run.', schema: runSchema },
  errors: ['not_found', 'invalid_input'],
  handler: async ({ ctx, params }) => {
    const run = await findRun(requireCustomer(ctx), params.pipeline_logging_id);
    if (!run) throw new AppError('not_found', 'There is no run with this id.');
    return { status: 200, body: runBody(run) };
  },
});
