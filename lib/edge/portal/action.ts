/** Server actions: form in, FormState out; errors keep the values, a secret is only in the answer. */
import { cookies, headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { refuseSuspended } from '@/lib/edge/http/authenticate';
import { takeBrowserRequest } from '@/lib/edge/http/limits';
import { requireSameOrigin } from '@/lib/edge/http/origin';
import { type RequestInfo, requestInfo } from '@/lib/edge/http/request-info';
import { type FormState, formError, submittedValues } from '@/lib/edge/portal/form-state';
import { currentSession, requireMember, staffVisitor, type Visitor } from '@/lib/edge/portal/page';
import { sessionCookieName, sessionCookieOptions } from '@/lib/edge/portal/sign-in/cookies';
import { newSessionCookieFor, type Session } from '@/lib/edge/portal/sign-in/session';
import type { Ctx } from '@/lib/kernel/ctx';
import type { Permission } from '@/lib/kernel/permissions';
import { holdsSecret } from '@/lib/kernel/secret-patterns';
import { AppError, toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

export type FormValues = Record<string, string | string[]>;

/** No form of ours has as many. */
const maxFields = 1_000;

function requireFewFields(data: FormData): void {
  let count = 0;
  for (const _name of data.keys()) count += 1;
  if (count > maxFields) throw new AppError('invalid_input', `A form has at most ${maxFields} fields.`);
}

/** Texts that look like a secret stay out: one pasted into the wrong field must not come back in the page. */
function withoutSecrets(state: FormState): FormState {
  if (state.status !== 'error') return state;
  const values = Object.entries(state.values).filter(([, value]) => ![value].flat().some(holdsSecret));
  return { ...state, values: Object.fromEntries(values) };
}

/** Runs a form's work; what fails becomes a sentence and field errors, and what Next throws to redirect goes through. */
async function answered(
  data: FormData,
  requestId: string,
  work: () => Promise<FormState>,
  secrets: readonly string[] = [],
): Promise<FormState> {
  try {
    requireSameOrigin(await headers());
    requireFewFields(data);
    return withoutSecrets(await work());
  } catch (error) {
    if (error instanceof Error && 'digest' in error) throw error;
    const failure = toAppError(error);
    if (failure.code === 'internal') log().error({ err: error, request_id: requestId }, 'a form failed');
    const unsure = `We could not confirm the change. Check the list before trying again. Request id ${requestId}.`;
    const message = failure.code === 'internal' ? unsure : failure.message;
    return withoutSecrets(formError(message, data, failure.fields, secrets));
  }
}

/**
 * A member's form. Its hidden customer_id must be the session's (another tab may have switched organization): otherwise
 * nothing is done and the visitor is told. AppErrors become field errors and a sentence. Fields named in `secrets` reach
 * the work and are never given back to the form. `permission` is that of the command, where a suspended organization
 * may call it: the forms of billing.
 */
export async function memberAction(
  data: FormData,
  work: (visitor: Visitor, values: FormValues) => Promise<FormState>,
  { secrets = [], permission }: { secrets?: readonly string[]; permission?: Permission } = {},
): Promise<FormState> {
  const { customer_id: formCustomer, ...values } = submittedValues(data);
  const visitor = await requireMember();
  const guarded = async () => {
    if (formCustomer !== visitor.membership.customerId) {
      throw new AppError(
        'stale_form',
        'You have switched organization since this page was opened. Nothing was changed. Reload the page and try again.',
      );
    }
    await takeBrowserRequest(visitor.session.sessionId, visitor.membership.customerId);
    refuseSuspended(visitor.membership.customerStatus, permission);
    return work(visitor, values);
  };
  return answered(data, visitor.ctx.requestId, guarded, secrets);
}

/** A form of the support console; anybody else than staff gets the answer of an unknown page. */
export async function staffAction(
  data: FormData,
  work: (ctx: Ctx, values: FormValues) => Promise<FormState>,
): Promise<FormState> {
  const staff = await staffVisitor();
  if (!staff) notFound();
  return answered(data, staff.ctx.requestId, async () => {
    await takeBrowserRequest(staff.session.sessionId, null);
    return work(staff.ctx, submittedValues(data));
  });
}

/** A form of anyone who is signed in, member of an organization or not. */
export async function personAction(
  data: FormData,
  work: (session: Session, request: RequestInfo, values: FormValues) => Promise<FormState>,
): Promise<FormState> {
  const session = await currentSession();
  const request = requestInfo(await headers());
  return answered(data, request.requestId, async () => {
    if (!session) throw new AppError('unauthenticated', 'Your session ended. Sign in and open the link again.');
    await takeBrowserRequest(session.sessionId, null);
    return work(session, request, submittedValues(data));
  });
}

/** Moves the browser to the organization that the person has just joined or opened, in a session of its own. */
export async function enterOrganization(customerId: string): Promise<void> {
  const jar = await cookies();
  const cookie = jar.get(sessionCookieName())?.value;
  if (cookie) jar.set(sessionCookieName(), await newSessionCookieFor(cookie, customerId), sessionCookieOptions());
}
