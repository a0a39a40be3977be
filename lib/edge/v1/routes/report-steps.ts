/** POST /v1/runs/{pipeline_logging_id}/steps */
import { z } from 'zod';
import { reportSteps as report } from '@/lib/domains/runs/reports/report';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { runParams } from '@/lib/edge/v1/routes/run-schemas';

export const reportSteps = defineOperationRoute({
  operationId: 'reportSteps',
  method: 'POST',
  path: '/v1/runs/{pipeline_logging_id}/steps',
  who: 'both',
  ofStartedRun: true,
  summary: 'Report steps',
  description:
    'Stores steps of a run, each replacing what its `step_logging_id` said before; a step that has ended stays so. At most 500 a call and 10,000 a run, until 24 hours after its end.',
  params: runParams,
  success: {
    status: 200,
    description: 'How many steps were stored.',
    schema: z.strictObject({ stored: z.int() }),
  },
  errors: ['not_found', 'conflict', 'step_goes_back', 'report_limit_reached', 'report_too_late'],
  operation: report,
  args: ({ params }) => [params.pipeline_logging_id],
  answer: stored => ({ status: 200, body: stored }),
});
