'use server';
/** Forms of the team: the same commands as the JSON routes. What was done is told on the team's page. */
import { notSent } from '@/app/(portal)/team/_parts/not-sent';
import { leaveTeam, removeMember } from '@/lib/domains/team/departures';
import {
  cancelInvitation,
  type InviteResult,
  type InviteStatus,
  inviteMembers,
  resendInvitation,
} from '@/lib/domains/team/invitations/invitations';
import { readMember } from '@/lib/domains/team/queries';
import { changeRole, transferOwnership } from '@/lib/domains/team/roles';
import { addressProblem, splitAddresses } from '@/lib/domains/team/rules';
import { type FormValues, memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land, type Told } from '@/lib/edge/portal/landing';
import { AppError } from '@/lib/platform/errors';

const text = (value: FormValues[string] | undefined): string =>
  typeof value === 'string' ? value : (value?.[0] ?? '');

const told = (done: string, memberId: string): Told => `/team?done=${done}&member=${encodeURIComponent(memberId)}`;

/** The addresses of the form's text; the first wrong one is named, the others counted. */
function addressesIn(value: string): string[] {
  const emails = splitAddresses(value);
  const problems = emails.map(addressProblem).filter(problem => problem !== null);
  const [first] = emails.length === 0 ? ['Give at least one address.'] : problems;
  if (first === undefined) return emails;
  const message = problems.length > 1 ? `${first} ${problems.length - 1} more are not addresses either.` : first;
  throw new AppError('invalid_input', message, { fields: [{ path: 'emails', message }] });
}

/** The team's page with the ids of each outcome; it names them from its own lists. */
function outcomeAddress(results: InviteResult[]): Told {
  const query = new URLSearchParams();
  const statuses: InviteStatus[] = ['sent', 'already_member', 'already_invited'];
  for (const status of statuses) {
    const ids = results.flatMap(item => (item.status === status && item.member_id ? [item.member_id] : []));
    if (ids.length > 0) query.set(status, ids.join('.'));
  }
  return `/team?${query}`;
}

export async function inviteAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const role = text(values.role);
    const emails = addressesIn(text(values.emails));
    const { result } = await inviteMembers(ctx, { emails, role, when_short: 'refuse' });
    return notSent(result.results, role) ?? land(outcomeAddress(result.results));
  });
}

/** The undo of a cancelled invitation: the same address and role, with a new link. */
export async function inviteAgainAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { email, role } = await readMember(ctx, text(values.member_id));
    const { result } = await inviteMembers(ctx, { emails: [email], role });
    return land(outcomeAddress(result.results));
  });
}

export async function resendAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await resendInvitation(ctx, { member_id: text(values.member_id) });
    return land(told('resent', result.member_id));
  });
}

export async function cancelInvitationAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await cancelInvitation(ctx, { member_id: text(values.member_id) });
    return land(told('cancelled', result.member_id));
  });
}

export async function changeRoleAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await changeRole(ctx, {
      member_id: text(values.member_id),
      role: text(values.role),
      confirm_own: text(values.confirm_own) === 'on',
    });
    return land(told('role', result.member_id));
  });
}

export async function transferAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const heir = await readMember(ctx, text(values.member_id));
    if (text(values.confirm).trim().toLowerCase() !== heir.email) {
      const message = 'Type the address as it is shown.';
      throw new AppError('invalid_input', message, { fields: [{ path: 'confirm', message }] });
    }
    const { result } = await transferOwnership(ctx, { member_id: heir.member_id });
    return land(told('owner', result.owner.member_id));
  });
}

export async function removeAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await removeMember(ctx, { member_id: text(values.member_id) });
    return land(told('removed', result.member_id));
  });
}

/** After leaving, the session falls to another organization of the person, or to the page for people without one. */
export async function leaveAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx, session }) => {
    await leaveTeam(ctx, {});
    const isOut = session.person.memberships.length < 2;
    return land(isOut ? '/welcome?done=left' : '/?done=left');
  });
}
