/** What a list of runs is narrowed by, as the page's address and the JSON route name it. */
import { z } from 'zod';
import { pipelineId } from '@/lib/domains/runs/input';
import { runStatuses, triggerTypes } from '@/lib/domains/runs/tables';
import { utcDayInput } from '@/lib/kernel/input';

/** Runs that take quota, and those that an orchestrator only told us of. */
export const runSides = ['ours', 'observed'] as const;

export const listRunsFilter = z
  .strictObject({
    status: z.enum(runStatuses).optional(),
    pipeline: pipelineId.optional(),
    trigger: z.enum(triggerTypes).optional(),
    /** Started by us or by whoever calls us, or observed at an orchestrator. */
    origin: z.enum(runSides).optional(),
    /** Id of the API key that asked for them. */
    key: z.string().min(1).max(100).optional(),
    /** Id of the provider config that they run. */
    config: z.string().min(1).max(100).optional(),
    /** First and last UTC day of their start, both included; the last 90 days by default. */
    from: utcDayInput.optional(),
    to: utcDayInput.optional(),
    checks: z.literal('failed').optional(),
    /** Fingerprint of their error. */
    error: z
      .string()
      .regex(/^[\da-f]{16}$/)
      .optional(),
  })
  .refine(({ from, to }) => !from || !to || from <= to, {
    path: ['to'],
    message: 'It must not lie before the first day.',
  });

export type RunFilter = z.output<typeof listRunsFilter>;

export const listRunsPage = listRunsFilter.safeExtend({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(500).optional(),
});
