/** GET /v1/runs */
import { z } from 'zod';
import { listRunHistory } from '@/lib/domains/runs/run-history';
import { runStatuses, triggerTypes } from '@/lib/domains/runs/tables';
import { defineV1Route } from '@/lib/edge/v1/define-route';
import { customerId, runBody, runSchema } from '@/lib/edge/v1/routes/run-schemas';
import { requireCustomer } from '@/lib/kernel/ctx';
import { instantInput, utcDayInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';

const position = z.strictObject({ startTime: instantInput, pipelineLoggingId: z.uuid() });

export const listRuns = defineV1Route({
  operationId: 'listRuns',
  method: 'GET',
  path: '/v1/runs',
  who: 'both',
  permission: 'runs:read',
  summary: 'List runs',
  description: 'Runs of the customer, newest first. Follow `next_cursor` by sending it as `after` until it is null.',
  query: z.strictObject({
    status: z.enum(runStatuses).optional(),
    pipeline_id: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,128}$/, 'Use letters, digits, dot, dash and underscore, at most 128.')
      .optional(),
    trigger_type: z.enum(triggerTypes).optional(),
    from: utcDayInput.optional().meta({ description: 'First UTC day of start_time.' }),
    to: utcDayInput.optional().meta({ description: 'Last UTC day of start_time, included.' }),
    limit: z.coerce.number().int().min(1).max(100).default(50).meta({ description: 'Runs a page, 1 to 100.' }),
    after: z.string().max(400).optional().meta({ description: '`next_cursor` of the page before.' }),
    customer_id: customerId.optional(),
  }),
  success: {
    status: 200,
    description: 'One page of runs.',
    schema: z.strictObject({
      data: z.array(runSchema),
      next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
    }),
  },
  errors: ['invalid_input', 'invalid_cursor'],
  handler: async ({ ctx, query }) => {
    const { status, pipeline_id: pipelineId, trigger_type: triggerType, from: fromDay, to: toDay } = query;
    const page = await listRunHistory(requireCustomer(ctx), {
      filter: { status, pipelineId, triggerType, fromDay, toDay },
      after: query.after === undefined ? null : decodeCursor(position, query.after),
      limit: query.limit,
    });
    const next_cursor = page.next ? encodeCursor(page.next) : null;
    return { status: 200, body: { data: page.runs.map(runBody), next_cursor } };
  },
});
