/** POST /v1/runs/claim */
import { claimRun as claim } from '@/lib/domains/runs/start/claim';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { quotaBody } from '@/lib/edge/v1/routes/quota-body';
import { runBody } from '@/lib/edge/v1/routes/run-schemas';
import { startedRunSchema } from '@/lib/edge/v1/routes/start-run';

export const claimRun = defineOperationRoute({
  operationId: 'claimRun',
  method: 'POST',
  path: '/v1/runs/claim',
  who: 'both',
  ofStartedRun: true,
  summary: 'Claim a run that waits',
  description:
    'Starts the oldest run that waits (PENDING), as one that was asked for in the portal or that a schedule made, and takes its quota as a start does. ' +
    'Where none waits, the answer comes when one does, or is 204 after `wait_seconds`. Where the quota refuses it, the run ' +
    'goes on waiting and says why in `pending_reason`.',
  success: {
    status: 200,
    description: 'The run is yours and has started.',
    others: { 204: 'No run waits.' },
    schema: startedRunSchema,
  },
  errors: ['subscription_inactive', 'not_found', 'quota_exceeded', 'concurrency_exceeded'],
  operation: claim,
  args: ({ gone }) => [{ signal: gone() }],
  answer: claimed =>
    claimed
      ? { status: 200, body: { ...runBody(claimed.run), quota: quotaBody(claimed.quota) } }
      : { status: 204, body: null },
});
