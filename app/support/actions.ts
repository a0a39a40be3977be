'use server';
/** Forms of the support console. */
import { refresh } from 'next/cache';
import { findCustomer } from '@/lib/domains/customers/find-customer';
import { retryNotification } from '@/lib/domains/notifications/outbox';
import { runJobNow } from '@/lib/domains/support/commands';
import { staffAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { skippedBecause } from '@/lib/kernel/jobs';
import { AppError } from '@/lib/platform/errors';

/** Runs the job that the form names and answers when it has ended. */
export async function runJobAction(_previous: FormState, data: FormData): Promise<FormState> {
  return staffAction(data, async (ctx, values) => {
    const run = await runJobNow(ctx, { job: values.job });
    if (run.outcome === 'failed') throw new AppError('conflict', `${run.job} has failed: ${run.error}`);
    const skipped = skippedBecause(run);
    if (skipped) return { status: 'done', message: `${run.job} was skipped: ${skipped}` };
    return { status: 'done', message: `${run.job} has run. Reload to see what it found.` };
  });
}

/** Puts a message that was given up back in line; the log of the organization it is from says so. */
export async function sendAgainAction(_previous: FormState, data: FormData): Promise<FormState> {
  return staffAction(data, async (ctx, values) => {
    const customer = await findCustomer(String(values.organization ?? ''));
    if (!customer) throw new AppError('not_found', 'There is no organization with this id any more.');
    const { customerId, tenantDatasetId } = customer;
    await retryNotification({ ...ctx, customerId, tenantDatasetId }, { notification_id: values.notification_id });
    refresh();
    return { status: 'done', message: 'The message is in line again. It is sent within a minute.' };
  });
}
