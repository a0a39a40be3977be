/** POST /v1/runs/{pipeline_logging_id}/steps */
import { reportSteps as report } from '@/lib/domains/runs/reports/report';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { aboutBatches, reportAnswerSchema, stepsBody } from '@/lib/edge/v1/routes/report-schemas';
import { runParams } from '@/lib/edge/v1/routes/run-schemas';

export const reportSteps = defineOperationRoute({
  operationId: 'reportSteps',
  method: 'POST',
  path: '/v1/runs/{pipeline_logging_id}/steps',
  who: 'both',
  ofStartedRun: true,
  summary: 'Report steps',
  description: `Stores steps of a run. A \`step_logging_id\` sent again adds what was learned since, and what is not said stays; a step that has ended stays so. ${aboutBatches}`,
  params: runParams,
  body: stepsBody,
  success: { status: 200, description: 'What became of each step.', schema: reportAnswerSchema },
  errors: ['not_found', 'conflict', 'step_goes_back', 'report_limit_reached', 'report_too_late', 'run_not_started'],
  operation: report,
  args: ({ params }) => [params.pipeline_logging_id],
  answer: answered => ({ status: 200, body: answered }),
});
