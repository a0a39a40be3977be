/** POST /v1/runs/{pipeline_logging_id}/dq-results */
import { reportChecks as report } from '@/lib/domains/runs/reports/report';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { aboutBatches, checksBody, reportAnswerSchema } from '@/lib/edge/v1/routes/report-schemas';
import { runParams } from '@/lib/edge/v1/routes/run-schemas';

export const reportChecks = defineOperationRoute({
  operationId: 'reportChecks',
  method: 'POST',
  path: '/v1/runs/{pipeline_logging_id}/dq-results',
  who: 'both',
  ofStartedRun: true,
  summary: 'Report data-quality results',
  description: `Adds results to a run; one that is stored already stays as it is. ${aboutBatches}`,
  params: runParams,
  body: checksBody,
  success: { status: 200, description: 'What became of each result.', schema: reportAnswerSchema },
  errors: ['not_found', 'conflict', 'report_limit_reached', 'report_too_late', 'run_not_started'],
  operation: report,
  args: ({ params }) => [params.pipeline_logging_id],
  answer: answered => ({ status: 200, body: answered }),
});
