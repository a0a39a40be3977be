/** What a sign-in changes in the organizations the person belongs to, and the entry in the audit log of each. */
import { and, asc, eq, sql } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { type TeamMember, teamMembers, type User } from '@/lib/domains/team/tables';
import { appendAudit } from '@/lib/kernel/audit/audit';
import type { Ctx } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';
import { isUniqueViolation } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

/**
 * Gives the member the person's address of now: mail goes there. Where another row of the organization has it already
 * (an invitation, somebody removed) the member keeps the old one, because an address stands once in a team.
 */
async function moveAddress(tx: Tx, ctx: Ctx, member: TeamMember, email: string): Promise<TeamMember> {
  if (member.email === email) return member;
  try {
    // A transaction of its own (a savepoint), because a refused statement ends the one around it.
    const [moved] = await tx.transaction(inner =>
      inner.update(teamMembers).set({ email }).where(eq(teamMembers.memberId, member.memberId)).returning(),
    );
    return moved ?? member;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const { memberId: member_id, customerId: customer } = member;
    log().warn(
      { request_id: ctx.requestId, customer, member_id },
      'a member keeps an old address: the new one is taken',
    );
    return member;
  }
}

/**
 * Counts the sign-in on the person's active memberships and brings address, name and picture up to date there; answers
 * the rows. Call it last: it takes the heads of the organizations' audit logs, in the order in which
 * everybody takes several, and nothing after them.
 */
export async function countSignIn(tx: Tx, ctx: Ctx, user: User, rebound: boolean): Promise<TeamMember[]> {
  const { userId, email, fullName, avatarUrl } = user;
  const known = await tx
    .select({ member: teamMembers, tenantDatasetId: customers.tenantDatasetId })
    .from(teamMembers)
    .innerJoin(customers, eq(customers.customerId, teamMembers.customerId))
    .where(and(eq(teamMembers.userId, userId), eq(teamMembers.status, 'ACTIVE')))
    .orderBy(asc(teamMembers.customerId))
    .for('update', { of: teamMembers });
  const signedIn: { before: TeamMember; after: TeamMember; tenantDatasetId: string }[] = [];
  for (const { member, tenantDatasetId } of known) {
    const [counted] = await tx
      .update(teamMembers)
      .set({
        lastLoginAt: sql`clock_timestamp()`,
        lastActivityAt: sql`clock_timestamp()`,
        loginCount: sql`${teamMembers.loginCount} + 1`,
        fullName,
        avatarUrl,
        updatedAt: sql`clock_timestamp()`,
      })
      .where(eq(teamMembers.memberId, member.memberId))
      .returning();
    if (!counted) throw new Error('the member went away under the lock');
    signedIn.push({ before: member, after: await moveAddress(tx, ctx, counted, email), tenantDatasetId });
  }
  for (const { before, after, tenantDatasetId } of signedIn.sort(byAuditLog)) {
    const { customerId, memberId, role } = after;
    const actor = { type: 'user', id: userId, email, role } as const;
    await appendAudit(
      tx,
      { ...ctx, actor, customerId, tenantDatasetId },
      {
        action: 'user.sign_in',
        targetType: 'member',
        targetId: memberId,
        outcome: 'ok',
        before: { email: before.email },
        after: { email: after.email, ...(rebound ? { rebound } : {}) },
      },
    );
  }
  return signedIn.map(({ after }) => after);
}

const byAuditLog = (a: { after: TeamMember }, b: { after: TeamMember }): number =>
  a.after.customerId.localeCompare(b.after.customerId);
