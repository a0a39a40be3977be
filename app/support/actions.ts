'use server';
/** Forms of the support console. */
import '@/lib/edge/jobs';
import { runJobNow } from '@/lib/domains/support/commands';
import { staffAction } from '@/lib/edge/action';
import type { FormState } from '@/lib/edge/form-state';
import { AppError } from '@/lib/platform/errors';

/** Runs the job that the form names and answers when it has ended. */
export async function runJobAction(_previous: FormState, data: FormData): Promise<FormState> {
  return staffAction(data, async (ctx, values) => {
    const run = await runJobNow(ctx, { job: values.job });
    if (run.outcome === 'failed') throw new AppError('conflict', `${run.job} has failed: ${run.error}`);
    return { status: 'done', message: `${run.job} has run. Reload to see what it found.` };
  });
}
