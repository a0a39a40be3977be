/** What staff do in the support console. */
import { z } from 'zod';
import { defineCommand } from '@/lib/kernel/command';
import { jobs, runJob } from '@/lib/kernel/jobs';
import { AppError } from '@/lib/platform/errors';

/** Starts a scheduled job now and waits for its end; its record says what it found. AppError not_found, conflict. */
export const runJobNow = defineCommand({
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
  effects: async ({ ctx, input }) => {
    await runJob(input.job, `staff:${ctx.actor.id}`);
  },
});
