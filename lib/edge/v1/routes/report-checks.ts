/** POST /v1/runs/{pipeline_logging_id}/dq-results */
import { z } from 'zod';
import { reportChecksInput } from '@/lib/domains/runs/input';
import { reportChecks as report } from '@/lib/domains/runs/report';
import { defineV1Route } from '@/lib/edge/v1/define-route';
import { customerId, runParams } from '@/lib/edge/v1/routes/run-schemas';
import { requireCustomer } from '@/lib/kernel/ctx';

export const reportChecks = defineV1Route({
  operationId: 'reportChecks',
  method: 'POST',
  path: '/v1/runs/{pipeline_logging_id}/dq-results',
  who: 'both',
  ofStartedRun: true,
  permission: 'runs:write',
  summary: 'Report data-quality results',
  description:
    'Adds results to a run; one that is stored already stays as it is. At most 500 a call and 10,000 a run, until 24 hours after its end.',
  params: runParams,
  body: reportChecksInput.safeExtend({ customer_id: customerId.optional() }),
  success: {
    status: 200,
    description: 'How many new results were stored.',
    schema: z.strictObject({ stored: z.int() }),
  },
  errors: ['not_found', 'conflict', 'report_limit_reached', 'report_too_late'],
  handler: async ({ ctx, params, raw }) => {
    return { status: 200, body: await report(requireCustomer(ctx), params.pipeline_logging_id, raw) };
  },
});
