/** What callers send to start, extend and end runs; names are those of the data plane. */
import { z } from 'zod';
import { triggerTypes } from '@/lib/domains/runs/tables';
import { storableJson, storableText } from '@/lib/kernel/storable';

export const defaultLeaseSeconds = 900;

const leaseSeconds = z
  .int()
  .min(10)
  .max(86_400)
  .meta({ description: 'How long the run may go without a heartbeat, in seconds.', example: defaultLeaseSeconds });

export const pipelineId = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,128}$/, 'Use 1 to 128 letters, digits, dots, underscores and hyphens.')
  .meta({ description: 'The pipeline, as its YAML file is named.', example: 'gcp_billing_daily' });

export const startRunInput = z.strictObject({
  pipeline_id: pipelineId,
  trigger_type: z.enum(triggerTypes).meta({ description: 'How the run was triggered.' }),
  trigger_by: storableText(200).meta({ description: 'Who or what triggered the run.', example: 'cron 0 2 * * *' }),
  parameters: storableJson(32_768).optional().meta({ description: 'Parameters of the run; at most 32 KiB as JSON.' }),
  config_version: storableText(200).optional().meta({ description: 'Version or commit of the configuration.' }),
  worker_instance: storableText(200).optional().meta({ description: 'Worker, pod or machine that runs it.' }),
  lease_seconds: leaseSeconds.default(defaultLeaseSeconds),
});

/** An Idempotency-Key header: visible ASCII. */
export const idempotencyKeyInput = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'Use 1 to 255 visible ASCII characters without spaces.');

export const heartbeatInput = z.strictObject({
  lease_seconds: leaseSeconds.optional().meta({ description: 'A new length of the lease, from now on.' }),
});

export const endStatuses = ['COMPLETED', 'FAILED', 'CANCELLED'] as const;

export const completeRunInput = z
  .strictObject({
    status: z.enum(endStatuses).meta({ description: 'How the run ended.' }),
    error_message: storableText(10_000)
      .optional()
      .meta({ description: 'What went wrong, or why it was cancelled; not with COMPLETED.' }),
  })
  .refine(input => input.status !== 'COMPLETED' || input.error_message === undefined, {
    path: ['error_message'],
    message: 'A completed run has no error message.',
  });

const limit = z.int().min(0).max(1_000_000);

/** Limits of a customer; a key that is left out stays as it is, null is without limit. */
export const limitsInput = z.strictObject({
  dailyLimit: limit.optional(),
  monthlyLimit: z.int().min(0).max(100_000_000).nullable().optional(),
  concurrentLimit: limit.optional(),
  apiCallsMonthLimit: z.int().min(0).max(1_000_000_000_000).nullable().optional(),
  /** Why no run may start; null lets runs start again. */
  refusalReason: z.enum(['subscription_inactive', 'customer_suspended']).nullable().optional(),
});
export type LimitChanges = z.output<typeof limitsInput>;
