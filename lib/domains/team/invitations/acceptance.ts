/** Joining by an invitation: signed in as the invited address, once. Source: docs/architecture.md, Team. */
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { acceptInput, invitationToken } from '@/lib/domains/team/input';
import { hashOfToken } from '@/lib/domains/team/invitations/invitation-token';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { updateMember } from '@/lib/domains/team/roster';
import { type InvitationState, invitationState, noSeatToJoin } from '@/lib/domains/team/rules';
import { lockSeats, type Seats } from '@/lib/domains/team/seats';
import { type TeamMember, teamMembers, type User, users } from '@/lib/domains/team/tables';
import { auditViewOf, type MemberView, viewOf } from '@/lib/domains/team/view';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { type Actor, type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import type { Role } from '@/lib/kernel/permissions';
import { systemClock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** What the holder of an invitation's link, or the person it was sent to, may know of it. */
export type Invitation = {
  memberId: string;
  email: string;
  role: Role;
  state: InvitationState;
  expiresAt: Date | null;
  /** Name of the person who invited, else their address. */
  invitedBy: string | null;
  companyName: string;
  customerId: string;
  customerStatus: string;
  tenantDatasetId: string;
};

/** Invitations by a condition, with who invited and to what. */
async function readInvitations(condition: ReturnType<typeof and>, now: Date): Promise<Invitation[]> {
  const rows = await db()
    .select({ member: teamMembers, customer: customers, inviter: users.fullName })
    .from(teamMembers)
    .innerJoin(customers, eq(customers.customerId, teamMembers.customerId))
    .leftJoin(users, eq(users.email, teamMembers.invitedBy))
    .where(condition)
    .orderBy(asc(teamMembers.invitationExpiresAt))
    .limit(50);
  return rows.map(({ member, customer, inviter }) => ({
    memberId: member.memberId,
    email: member.email,
    role: member.role,
    state: invitationState(member, now),
    expiresAt: member.invitationExpiresAt,
    invitedBy: inviter ?? (member.invitedBy?.includes('@') ? member.invitedBy : null),
    companyName: customer.companyName,
    customerId: customer.customerId,
    customerStatus: customer.status,
    tenantDatasetId: customer.tenantDatasetId,
  }));
}

/** The invitation a link leads to; null for a link that is not ours or was replaced by a newer one. */
export async function findInvitation(token: string, now: Date = systemClock()): Promise<Invitation | null> {
  if (!invitationToken.safeParse(token).success) return null;
  const [found] = await readInvitations(and(eq(teamMembers.invitationTokenHash, hashOfToken(token))), now);
  return found ?? null;
}

/** Open invitations of a person who is signed in as this address. */
export const readWaitingInvitations = (email: string, now: Date = systemClock()): Promise<Invitation[]> =>
  readInvitations(
    and(
      eq(teamMembers.email, email),
      eq(teamMembers.status, 'INVITED'),
      gt(teamMembers.invitationExpiresAt, now),
      sql`${customers.status} <> 'SUSPENDED'`,
    ),
    now,
  );

/** Why an invitation that is not open cannot be accepted. */
export const closedInvitationSentences: Record<Exclude<InvitationState, 'open'>, string> = {
  expired: 'This invitation has expired. Ask the person who invited you to send it again.',
  used: 'This invitation was used already. It works once.',
  cancelled: 'This invitation was cancelled. Ask the person who invited you for a new one.',
};

async function lockInvitation(
  tx: Tx,
  ctx: Ctx,
  input: { token: string } | { member_id: string },
): Promise<{ known: TeamMember; seats: Seats }> {
  const { customerId } = requireCustomer(ctx);
  const seats = await lockSeats(tx, customerId, ctx.clock());
  const named =
    'token' in input
      ? eq(teamMembers.invitationTokenHash, hashOfToken(input.token))
      : eq(teamMembers.memberId, input.member_id);
  const [row] = await tx
    .select()
    .from(teamMembers)
    .where(and(eq(teamMembers.customerId, customerId), named));
  if (!row) throw new AppError('not_found', 'This invitation link is not valid. A newer one may have replaced it.');
  return { known: row, seats };
}

/** The person behind the call, locked after the customer: an erasure elsewhere that would delete them waits, or is seen. */
async function lockInvitee(tx: Tx, actor: Actor, row: TeamMember): Promise<User> {
  if (actor.type !== 'user') throw new AppError('forbidden', 'Only a signed-in person accepts an invitation.');
  const [person] = await tx.select().from(users).where(eq(users.userId, actor.id)).for('update');
  if (!person) throw new AppError('forbidden', 'Sign in again, then accept the invitation.');
  if (person.email === row.email) return person;
  throw new AppError(
    'forbidden',
    `This invitation is for ${row.email}. You are signed in as ${person.email}. Sign in as the invited address.`,
  );
}

/** Someone whose address has changed may be in the team under the old one; a person stands in it once. */
async function refuseMember(tx: Tx, { customerId }: TeamMember, userId: string): Promise<void> {
  const [member] = await tx
    .select({ email: teamMembers.email })
    .from(teamMembers)
    .where(
      and(
        eq(teamMembers.customerId, customerId),
        eq(teamMembers.userId, userId),
        inArray(teamMembers.status, ['ACTIVE', 'SUSPENDED']),
      ),
    );
  if (!member) return;
  const message = `You are a member of this organization already, as ${member.email}. Ask an admin to cancel this invitation.`;
  throw new AppError('conflict', message);
}

/** The plan may have fewer seats than when the invitation was sent: members have them first, and who leaves is an owner's choice. */
async function refuseWithoutSeat(tx: Tx, customerId: string, seats: Seats): Promise<void> {
  if (seats.members < seats.limit) return;
  const owners = await tx
    .select({ name: teamMembers.fullName, email: teamMembers.email })
    .from(teamMembers)
    .where(and(eq(teamMembers.customerId, customerId), eq(teamMembers.role, 'OWNER'), eq(teamMembers.status, 'ACTIVE')))
    .orderBy(asc(teamMembers.joinedAt))
    .limit(3);
  const message = noSeatToJoin(
    seats,
    owners.map(owner => owner.name ?? owner.email),
  );
  throw new AppError('conflict', message, { details: { seats_used: seats.used, seats: seats.limit } });
}

/**
 * Makes the caller a member of the customer that `ctx` names, with the invitation's role. It works once, until it expires,
 * and only for the invited address. AppError not_found, forbidden (another address), conflict (used, cancelled, expired, a
 * member already, no seat any more).
 */
export const acceptInvitation = defineCommand({
  name: 'team.accept_invitation',
  permission: 'profile:write',
  input: acceptInput,
  run: async ({ ctx, tx, input }): Promise<Change<MemberView>> => {
    const { known, seats } = await lockInvitation(tx, ctx, input);
    const person = await lockInvitee(tx, ctx.actor, known);
    const now = ctx.clock();
    const state = invitationState(known, now);
    if (state !== 'open') throw new AppError('conflict', closedInvitationSentences[state]);
    await refuseMember(tx, known, person.userId);
    await refuseWithoutSeat(tx, known.customerId, seats);
    const row = await updateMember(tx, ctx, known.memberId, {
      status: 'ACTIVE',
      userId: person.userId,
      fullName: person.fullName,
      avatarUrl: person.avatarUrl,
      joinedAt: now,
      lastLoginAt: now,
      lastActivityAt: now,
      loginCount: known.loginCount + 1,
    });
    return {
      result: viewOf(row),
      target: { type: 'member', id: row.memberId },
      before: auditViewOf(known),
      after: auditViewOf(row),
      mirror: [teamMembersMirror.ref(row)],
    };
  },
});

/** The context in which a signed-in person accepts: the inviting customer's, with nothing but what the invitation grants. */
export const inviteeCtx = (
  person: { userId: string; email: string },
  invitation: Invitation,
  request: Pick<Ctx, 'requestId' | 'ipPrefix' | 'userAgent'>,
): Ctx => ({
  ...request,
  actor: { type: 'user', id: person.userId, email: person.email, role: 'VIEWER' },
  customerId: invitation.customerId,
  tenantDatasetId: invitation.tenantDatasetId,
  clock: systemClock,
});
