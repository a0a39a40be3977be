/** POST /v1/runs/{pipeline_logging_id}/complete */
import { completeRun as complete } from '@/lib/domains/runs/start/lease';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { quotaBody, quotaSchema } from '@/lib/edge/v1/routes/quota-body';
import { runBody, runParams, runSchema } from '@/lib/edge/v1/routes/run-schemas';

export const completeRun = defineOperationRoute({
  operationId: 'completeRun',
  method: 'POST',
  path: '/v1/runs/{pipeline_logging_id}/complete',
  who: 'both',
  ofStartedRun: true,
  summary: 'End a run',
  description:
    'Ends the run once, frees its slot and counts it on its start day. The same status again answers the same.',
  params: runParams,
  success: {
    status: 200,
    description: 'The run as it ended.',
    schema: runSchema.extend({ quota: quotaSchema }).meta({ id: 'EndedRun' }),
  },
  errors: ['not_found', 'lease_expired', 'run_finished', 'run_not_started', 'run_observed'],
  operation: complete,
  args: ({ params }) => [params.pipeline_logging_id],
  answer: ({ run, quota }) => ({ status: 200, body: { ...runBody(run), quota: quotaBody(quota) } }),
});
