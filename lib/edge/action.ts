/** Server actions: form in, FormState out; errors keep the values, a secret is only in the answer. */
import { headers } from 'next/headers';
import { type FormState, formError, submittedValues } from '@/lib/edge/form-state';
import { requireSameOrigin } from '@/lib/edge/origin';
import { requireMember, type Visitor } from '@/lib/edge/page';
import { refuseSuspended } from '@/lib/edge/v1/authenticate';
import { AppError, toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

export type FormValues = Record<string, string | string[]>;

/**
 * Runs a form's work for a member. The form's hidden customer_id must be the session's (another tab may have switched
 * organization): otherwise nothing is done and the visitor is told. AppErrors become field errors and a sentence.
 */
export async function memberAction(
  data: FormData,
  work: (visitor: Visitor, values: FormValues) => Promise<FormState>,
): Promise<FormState> {
  const { customer_id: formCustomer, ...values } = submittedValues(data);
  const visitor = await requireMember();
  try {
    requireSameOrigin(await headers());
    if (formCustomer !== visitor.membership.customerId) {
      throw new AppError(
        'stale_form',
        'You have switched organization since this page was opened. Nothing was changed. Reload the page and try again.',
      );
    }
    refuseSuspended(visitor.membership.customerStatus);
    return await work(visitor, values);
  } catch (error) {
    if (error instanceof Error && 'digest' in error) throw error;
    const failure = toAppError(error);
    if (failure.code === 'internal') log().error({ err: error, request_id: visitor.ctx.requestId }, 'a form failed');
    const message =
      failure.code === 'internal'
        ? `We could not confirm the change. Check the list before trying again. Request id ${visitor.ctx.requestId}.`
        : failure.message;
    return formError(message, data, failure.fields);
  }
}
