/** What staff do in the support console. */
import { z } from 'zod';
import { defineCommand } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import { type JobRun, jobs, runJob } from '@/lib/kernel/jobs';
import { AppError } from '@/lib/platform/errors';

const recordRequest = defineCommand({
  name: 'job.run',
  permission: 'staff:write',
  input: z.strictObject({ job: z.string().max(100) }),
  run: async ({ input }) => {
    if (!jobs().has(input.job)) throw new AppError('not_found', `There is no job ${input.job}.`);
    return {
      result: { job: input.job },
      target: { type: 'job', id: input.job },
      before: null,
      after: { job: input.job },
      mirror: [],
    };
  },
});

/**
 * Puts the request on record, runs a scheduled job now and answers its record when it has ended, also one that failed.
 * AppError forbidden, not_found, conflict while a run of it is under way.
 */
export async function runJobNow(ctx: Ctx, raw: unknown): Promise<JobRun> {
  const { result } = await recordRequest(ctx, raw);
  return runJob(result.job, `staff:${ctx.actor.id}`);
}
