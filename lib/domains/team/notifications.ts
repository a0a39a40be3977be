/** What people are told of changes of the team: messages queued in the transaction of the change. */
import { notify, type SealedSecret, sealSecret, withdraw } from '@/lib/domains/notifications/notify';
import { type InvitationToken, newInvitationToken } from '@/lib/domains/team/invitations/invitation-token';
import { invitedTooOften } from '@/lib/domains/team/rules';
import type { TeamMember } from '@/lib/domains/team/tables';
import { type Actor, type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** A token, and its plain text sealed for the one message that will carry it. */
export type PreparedInvitation = { token: InvitationToken; secret: SealedSecret };

/** Makes and seals a token; calls KMS, so it belongs into a command's `prepare`. AppError key_service_unavailable. */
export async function prepareInvitation(ctx: Ctx): Promise<PreparedInvitation> {
  const token = newInvitationToken();
  return { token, secret: await sealSecret(requireCustomer(ctx).customerId, token.secret) };
}

/** How the person or key that acts is named to others, at the beginning of a sentence. */
function nameOf(actor: Actor, self: TeamMember | undefined): string {
  switch (actor.type) {
    case 'user':
      return self?.fullName ?? actor.email;
    case 'person':
      return actor.email;
    case 'api_key':
    case 'service':
      return `The API key “${actor.name}”`;
    case 'staff':
    case 'stripe':
    case 'system':
      return 'Tenantry';
    default:
      return actor satisfies never;
  }
}

/** Who invites: a key by its bare name, because subject and sentence put it differently. */
function inviterOf(actor: Actor, self: TeamMember | undefined) {
  const isKey = actor.type === 'api_key' || actor.type === 'service';
  if (isKey) return { invited_by: actor.name, inviter: 'key' as const };
  const isPerson = actor.type === 'user' || actor.type === 'person';
  return { invited_by: nameOf(actor, self), inviter: isPerson ? ('person' as const) : ('tenantry' as const) };
}

/**
 * Queues the invitation's mail; an earlier one that is not out is taken back, because its link has ended. AppError
 * rate_limited where the address had all its invitations of the day.
 */
export async function notifyInvited(
  tx: Tx,
  ctx: Ctx,
  self: TeamMember | undefined,
  invited: TeamMember,
  { secret }: PreparedInvitation,
): Promise<void> {
  if (!invited.invitationExpiresAt) throw new Error('an invitation has an end');
  const { customerId, email } = invited;
  await withdraw(tx, { customerId, event: 'invitation', recipient: email });
  const queued = await notify(tx, {
    event: 'invitation',
    customerId,
    at: ctx.clock(),
    to: { email, userId: null },
    secret,
    data: {
      member_id: invited.memberId,
      ...inviterOf(ctx.actor, self),
      role: invited.role,
      expires_at: invited.invitationExpiresAt.toISOString(),
    },
  });
  if (queued > 0) return;
  throw tooOften([email]);
}

/** The refusal to write to these addresses again so soon; `details` join the problem document. */
export function tooOften(emails: readonly string[], details: Record<string, unknown> = {}): AppError {
  const message = invitedTooOften(emails);
  // Always a day: the exact time would tell when others wrote to the address.
  return new AppError('rate_limited', message, {
    fields: [{ path: 'emails', message }],
    retryAfterSeconds: 86_400,
    details,
  });
}

/** Takes back the mail of a cancelled invitation if it is not out yet. */
export async function untellInvited(tx: Tx, { customerId, email }: TeamMember): Promise<void> {
  await withdraw(tx, { customerId, event: 'invitation', recipient: email });
}

/** Tells a member of their new role; not of a change they made themselves. */
export async function notifyRoleChanged(
  tx: Tx,
  ctx: Ctx,
  self: TeamMember | undefined,
  before: TeamMember,
  after: TeamMember,
): Promise<void> {
  if (self?.memberId === after.memberId) return;
  const { customerId, memberId, email, userId } = after;
  const at = ctx.clock();
  await notify(tx, {
    event: 'role_changed',
    customerId,
    at,
    to: { email, userId },
    data: {
      member_id: memberId,
      from: before.role,
      to: after.role,
      changed_by: nameOf(ctx.actor, self),
      changed_at: at.toISOString(),
    },
  });
}

/** Tells a removed member that their access ended. */
export async function notifyRemoved(
  tx: Tx,
  ctx: Ctx,
  self: TeamMember | undefined,
  removed: TeamMember,
): Promise<void> {
  const { customerId, memberId, email, userId } = removed;
  const at = ctx.clock();
  await notify(tx, {
    event: 'member_removed',
    customerId,
    at,
    to: { email, userId },
    data: { member_id: memberId, removed_by: nameOf(ctx.actor, self), removed_at: at.toISOString() },
  });
}
