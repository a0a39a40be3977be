'use server';
/** Forms of the support console's billing page. */
import { refresh } from 'next/cache';
import { formatDate } from '@/app/_ui/format';
import { findCustomer } from '@/lib/domains/customers/find-customer';
import { extendTrial, suspendCustomer, unsuspendCustomer } from '@/lib/domains/subscriptions/standing/suspension';
import { replayEvent } from '@/lib/domains/subscriptions/sync/event-replay';
import { type FormValues, staffAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import type { Ctx, CustomerCtx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

/** The staff member's context for the organization that the form names; its log is where the change is noted. */
async function actingFor(ctx: Ctx, { organization }: FormValues): Promise<CustomerCtx> {
  const customer = await findCustomer(String(organization ?? '').trim());
  if (customer) return { ...ctx, customerId: customer.customerId, tenantDatasetId: customer.tenantDatasetId };
  const message = 'There is no organization with this id.';
  throw new AppError('invalid_input', 'Nothing was changed.', { fields: [{ path: 'organization', message }] });
}

/** Suspends the organization that the form names. */
export async function suspendAction(_previous: FormState, data: FormData): Promise<FormState> {
  return staffAction(data, async (ctx, values) => {
    const { result } = await suspendCustomer(await actingFor(ctx, values), { reason: values.reason });
    refresh();
    return { status: 'done', message: `${result.company_name} is suspended.` };
  });
}

/** Takes the suspension of the organization that the form names back. */
export async function unsuspendAction(_previous: FormState, data: FormData): Promise<FormState> {
  return staffAction(data, async (ctx, values) => {
    const { result } = await unsuspendCustomer(await actingFor(ctx, values), { reason: values.reason });
    refresh();
    return { status: 'done', message: `${result.company_name} is suspended no more: its status is ${result.status}.` };
  });
}

/** Lengthens the trial of the organization that the form names. */
export async function extendTrialAction(_previous: FormState, data: FormData): Promise<FormState> {
  return staffAction(data, async (ctx, values) => {
    const input = { days: Number(values.days || Number.NaN), reason: values.reason };
    const { result } = await extendTrial(await actingFor(ctx, values), input);
    refresh();
    const until = result.trial_end_date ? formatDate(result.trial_end_date) : 'an unknown day';
    return { status: 'done', message: `The trial of ${result.company_name} lasts until ${until}.` };
  });
}

/** Puts an event that was given up back in line. */
export async function replayEventAction(_previous: FormState, data: FormData): Promise<FormState> {
  return staffAction(data, async (ctx, values) => {
    const { result } = await replayEvent(ctx, { event_id: values.event_id });
    refresh();
    return { status: 'done', message: `${result.event_id} is in line again.` };
  });
}
