/** POST /v1/runs */
import { z } from 'zod';
import { idempotencyKeyInput } from '@/lib/domains/runs/input';
import { startRun as start } from '@/lib/domains/runs/start/reserve';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';
import { quotaBody, quotaSchema } from '@/lib/edge/v1/routes/quota-body';
import { runBody, runSchema } from '@/lib/edge/v1/routes/run-schemas';
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

export const startedRunSchema = runSchema.extend({ quota: quotaSchema }).meta({ id: 'StartedRun' });

export const startRun = defineOperationRoute({
  operationId: 'startRun',
  method: 'POST',
  path: '/v1/runs',
  who: 'both',
  summary: 'Start a run',
  description:
    'Takes one run of the quota and starts it, or refuses. The run holds a lease: send heartbeats before it ends, or ' +
    'the run becomes FAILED and its slot is freed. With an `Idempotency-Key` the same call within 24 hours answers the ' +
    'first run again and takes nothing; a refusal is not kept.',
  requestHeaders: z.object({
    [keyHeader]: idempotencyKeyInput.optional().meta({ description: 'Names this start; repeat it when you retry.' }),
  }),
  success: {
    status: 201,
    description: 'The run has started. `Idempotency-Replayed: true` marks an answer that was given before.',
    schema: startedRunSchema,
  },
  errors: ['subscription_inactive', 'not_found', 'idempotency_mismatch', 'quota_exceeded', 'concurrency_exceeded'],
  operation: start,
  args: ({ header }) => [{ idempotencyKey: idempotencyKeyOf(header(keyHeader)) }],
  answer: ({ run, quota, replayed }) => ({
    status: 201,
    body: { ...runBody(run), quota: quotaBody(quota) },
    headers: {
      location: `/v1/runs/${run.pipelineLoggingId}`,
      ...(replayed ? { 'idempotency-replayed': 'true' } : {}),
    },
  }),
});
