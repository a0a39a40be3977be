/** POST /v1/runs/{pipeline_logging_id}/dq-results */
import { z } from 'zod';
import { reportChecks as report } from '@/lib/domains/runs/reports/report';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { runParams } from '@/lib/edge/v1/routes/run-schemas';

export const reportChecks = defineOperationRoute({
  operationId: 'reportChecks',
  method: 'POST',
  path: '/v1/runs/{pipeline_logging_id}/dq-results',
  who: 'both',
  ofStartedRun: true,
  summary: 'Report data-quality results',
  description:
    'Adds results to a run; one that is stored already stays as it is. At most 500 a call and 10,000 a run, until 24 hours after its end.',
  params: runParams,
  success: {
    status: 200,
    description: 'How many new results were stored.',
    schema: z.strictObject({ stored: z.int() }),
  },
  errors: ['not_found', 'conflict', 'report_limit_reached', 'report_too_late'],
  operation: report,
  args: ({ params }) => [params.pipeline_logging_id],
  answer: stored => ({ status: 200, body: stored }),
});
