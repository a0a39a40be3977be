/** GET /v1/runs */
import { z } from 'zod';
import { listRunHistory } from '@/lib/domains/runs/reads/run-history';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { runBody, runSchema } from '@/lib/edge/v1/routes/run-schemas';

export const listRuns = defineOperationRoute({
  operationId: 'listRuns',
  method: 'GET',
  path: '/v1/runs',
  who: 'both',
  summary: 'List runs',
  description: 'Runs of the customer, newest first. Follow `next_cursor` by sending it as `after` until it is null.',
  success: {
    status: 200,
    description: 'One page of runs.',
    schema: z.strictObject({
      data: z.array(runSchema),
      next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
    }),
  },
  errors: ['invalid_input', 'invalid_cursor'],
  operation: listRunHistory,
  args: () => [],
  answer: ({ runs, next }) => ({ status: 200, body: { data: runs.map(runBody), next_cursor: next } }),
});
