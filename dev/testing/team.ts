/** What the team's tests share: people nobody knows yet, and invitations whose link is known. */
import { and, eq } from 'drizzle-orm';
import type { World } from '@/dev/testing/world';
import { type Invitation, inviteeCtx, readWaitingInvitations } from '@/lib/domains/team/invitations/acceptance';
import { hashOfToken, newInvitationToken } from '@/lib/domains/team/invitations/invitation-token';
import { inviteMembers } from '@/lib/domains/team/invitations/invitations';
import { type TeamMember, teamMembers, users } from '@/lib/domains/team/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import type { Role } from '@/lib/kernel/permissions';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newId, randomText } from '@/lib/platform/ids';

export const someone = (): string => `new-${randomText(8)}@example.com`;

export const memberByEmail = async (world: World, email: string): Promise<TeamMember> => {
  const [row] = await db()
    .select()
    .from(teamMembers)
    .where(and(eq(teamMembers.customerId, world.customerId), eq(teamMembers.email, email)));
  if (!row) throw new Error(`${email} is not in the team`);
  return row;
};

export const memberById = async (memberId: string): Promise<TeamMember | undefined> =>
  (await db().select().from(teamMembers).where(eq(teamMembers.memberId, memberId)))[0];

/** Gives an invitation a link that the test knows: the mail has the other one, sealed. */
export async function knownToken(memberId: string): Promise<string> {
  const token = newInvitationToken().secret.reveal();
  await db()
    .update(teamMembers)
    .set({ invitationTokenHash: hashOfToken(token) })
    .where(eq(teamMembers.memberId, memberId));
  return token;
}

export async function invited(world: World, role: Role = 'VIEWER', email = someone()) {
  await inviteMembers(world.system, { emails: [email], role });
  const { memberId } = await memberByEmail(world, email);
  return { email, memberId, token: await knownToken(memberId) };
}

/** A person who has signed in as this address, in the context of accepting. */
export async function invitee(world: World, email: string): Promise<Ctx & { userId: string }> {
  const userId = newId('usr');
  await db()
    .insert(users)
    .values({ userId, email, fullName: `Person of ${email}` });
  const request = { requestId: newId('req'), ipPrefix: null, userAgent: 'vitest' };
  const place = { customerId: world.customerId, tenantDatasetId: world.tenantDatasetId };
  // inviteeCtx needs of an invitation only where it leads.
  return { ...inviteeCtx({ userId, email }, place as Invitation, request), userId };
}

export const waitingFor = (email: string) => readWaitingInvitations(email);

export const auditOf = (world: World, action: string) =>
  db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, action)))
    .orderBy(auditLog.sequence);
