'use server';
/** Forms of the support console. */
import { refresh } from 'next/cache';
import { findCustomer } from '@/lib/domains/customers/find-customer';
import { applyEventAgain } from '@/lib/domains/lineage/dead/given-up';
import { retryNotification } from '@/lib/domains/notifications/outbox';
import { runJobNow } from '@/lib/domains/support/commands';
import { staffAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import type { Ctx } from '@/lib/kernel/ctx';
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

/** Staff acting for the organization that the form names, so that its audit log says what they did. */
async function actingFor(ctx: Ctx, organization: unknown): Promise<Ctx> {
  const customer = await findCustomer(String(organization ?? ''));
  if (!customer) throw new AppError('not_found', 'There is no organization with this id any more.');
  const { customerId, tenantDatasetId } = customer;
  return { ...ctx, customerId, tenantDatasetId };
}

/** Puts an event of an orchestrator that was given up back in line. */
export async function applyAgainAction(_previous: FormState, data: FormData): Promise<FormState> {
  return staffAction(data, async (ctx, values) => {
    await applyEventAgain(await actingFor(ctx, values.organization), { event_id: values.event_id });
    refresh();
    return { status: 'done', message: 'The event is in line again. It is applied within seconds.' };
  });
}

/** Puts a message that was given up back in line. */
export async function sendAgainAction(_previous: FormState, data: FormData): Promise<FormState> {
  return staffAction(data, async (ctx, values) => {
    const acting = await actingFor(ctx, values.organization);
    await retryNotification(acting, { notification_id: values.notification_id });
    refresh();
    return { status: 'done', message: 'The message is in line again. It is sent within a minute.' };
  });
}
