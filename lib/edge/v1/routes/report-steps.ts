/** POST /v1/runs/{pipeline_logging_id}/steps */
import { z } from 'zod';
import { reportStepsInput } from '@/lib/domains/runs/input';
import { reportSteps as report } from '@/lib/domains/runs/report';
import { defineV1Route } from '@/lib/edge/v1/define-route';
import { customerId, runParams } from '@/lib/edge/v1/routes/run-schemas';
import { requireCustomer } from '@/lib/kernel/ctx';

export const reportSteps = defineV1Route({
  operationId: 'reportSteps',
  method: 'POST',
  path: '/v1/runs/{pipeline_logging_id}/steps',
  who: 'both',
  ofStartedRun: true,
  permission: 'runs:write',
  summary: 'Report steps',
  description:
    'Stores steps of a run, each replacing what its `step_logging_id` said before; a step that has ended stays so. At most 500 a call and 10,000 a run, until 24 hours after its end.',
  params: runParams,
  body: reportStepsInput.safeExtend({ customer_id: customerId.optional() }),
  success: {
    status: 200,
    description: 'How many steps were stored.',
    schema: z.strictObject({ stored: z.int() }),
  },
  errors: ['not_found', 'conflict', 'step_goes_back', 'report_limit_reached', 'report_too_late'],
  handler: async ({ ctx, params, raw }) => {
    return { status: 200, body: await report(requireCustomer(ctx), params.pipeline_logging_id, raw) };
  },
});
