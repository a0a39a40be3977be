/** POST /v1/runs */
import { z } from 'zod';
import { idempotencyKeyInput, startRunInput } from '@/lib/domains/runs/input';
import { startRun as start } from '@/lib/domains/runs/reserve';
import { defineV1Route } from '@/lib/edge/v1/define-route';
import { quotaBody, quotaSchema } from '@/lib/edge/v1/routes/quota-body';
import { customerId, runBody, runSchema } from '@/lib/edge/v1/routes/run-schemas';
import { requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

const keyHeader = 'idempotency-key';

/** The header's value; refused under the header's name, as fields of the body are under theirs. */
function idempotencyKeyOf(header: string | null): string | undefined {
  if (header === null) return undefined;
  const parsed = idempotencyKeyInput.safeParse(header);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(issue => ({ path: 'Idempotency-Key', message: issue.message }));
  throw new AppError('invalid_input', `Idempotency-Key: ${fields[0]?.message}`, { fields });
}

export const startRun = defineV1Route({
  operationId: 'startRun',
  method: 'POST',
  path: '/v1/runs',
  who: 'both',
  permission: 'runs:write',
  summary: 'Start a run',
  description:
    'Takes one run of the quota and starts it, or refuses. The run holds a lease: send heartbeats before it ends, or ' +
    'the run becomes FAILED and its slot is freed. With an `Idempotency-Key` the same call within 24 hours answers the ' +
    'first run again and takes nothing; a refusal is not kept.',
  requestHeaders: z.object({
    [keyHeader]: idempotencyKeyInput.optional().meta({ description: 'Names this start; repeat it when you retry.' }),
  }),
  body: startRunInput.extend({ customer_id: customerId.optional() }),
  success: {
    status: 201,
    description: 'The run has started. `Idempotency-Replayed: true` marks an answer that was given before.',
    schema: runSchema.extend({ quota: quotaSchema }).meta({ id: 'StartedRun' }),
  },
  errors: ['subscription_inactive', 'not_found', 'idempotency_mismatch', 'quota_exceeded', 'concurrency_exceeded'],
  handler: async ({ ctx, body, header }) => {
    const { customer_id: _named, ...input } = body;
    const idempotencyKey = idempotencyKeyOf(header(keyHeader));
    const { run, quota, replayed } = await start(requireCustomer(ctx), input, { idempotencyKey });
    return {
      status: 201,
      body: { ...runBody(run), quota: quotaBody(quota) },
      headers: {
        location: `/v1/runs/${run.pipelineLoggingId}`,
        ...(replayed ? { 'idempotency-replayed': 'true' } : {}),
      },
    };
  },
});
