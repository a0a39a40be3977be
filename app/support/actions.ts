'use server';
/** Forms of the support console. */
import '@/lib/edge/jobs';
import { runJobNow } from '@/lib/domains/support/commands';
import { staffAction } from '@/lib/edge/action';
import type { FormState } from '@/lib/edge/form-state';

/** Runs the job that the form names and answers when it has ended. */
export async function runJobAction(_previous: FormState, data: FormData): Promise<FormState> {
  return staffAction(data, async (ctx, values) => {
    const { result } = await runJobNow(ctx, { job: values.job });
    return { status: 'done', message: `${result.job} has run. Reload to see what it found.` };
  });
}
