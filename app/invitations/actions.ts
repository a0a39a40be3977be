'use server';
/** Joining an organization by an invitation; the browser's session moves there. */
import {
  acceptInvitation,
  findInvitation,
  type Invitation,
  inviteeCtx,
  readWaitingInvitations,
} from '@/lib/domains/team/invitations/acceptance';
import { refuseSuspended } from '@/lib/edge/http/authenticate';
import { enterOrganization, type FormValues, personAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';
import { AppError } from '@/lib/platform/errors';

const text = (value: FormValues[string] | undefined): string => (typeof value === 'string' ? value : '');

type Named = { invitation: Invitation; input: { token: string } | { member_id: string } };

/** The invitation a form names: by the link's token, or one of those that wait for the signed-in address. */
async function namedBy(values: FormValues, email: string): Promise<Named> {
  const token = text(values.token);
  const found = token
    ? await findInvitation(token)
    : (await readWaitingInvitations(email)).find(item => item.memberId === text(values.member_id));
  if (!found) throw new AppError('not_found', 'This invitation is not valid. A newer one may have replaced it.');
  return { invitation: found, input: token ? { token } : { member_id: found.memberId } };
}

export async function acceptAction(_: FormState, data: FormData): Promise<FormState> {
  return personAction(data, async ({ person }, request, values) => {
    const { invitation, input } = await namedBy(values, person.email);
    refuseSuspended(invitation.customerStatus);
    await acceptInvitation(inviteeCtx(person, invitation, request), input);
    await enterOrganization(invitation.customerId);
    return land('/?done=joined');
  });
}
