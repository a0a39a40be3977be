/** Signing in: binds Google's person to ours, counts the sign-in on their memberships. Source: DESIGN 4, Identity. */
import { and, eq, inArray, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { teamMembers, users } from '@/lib/domains/team/tables';
import { defineCommand } from '@/lib/kernel/command';
import { newId } from '@/lib/platform/ids';

const signInInput = z.strictObject({
  email: z.email().max(254).toLowerCase(),
  /** Google's subject id; null where the issuer does not keep it stable. */
  googleSub: z.string().min(1).max(255).nullable(),
  fullName: z.string().max(200).nullable(),
  avatarUrl: z.string().max(1000).nullable(),
});

/** Records a verified sign-in; answers the person's id and session version. An address that moved to another subject is rebound. */
export const recordSignIn = defineCommand({
  name: 'user.sign_in',
  permission: 'profile:write',
  input: signInInput,
  run: async ({ tx, input }) => {
    // First sign-ins of one address at the same time make one person.
    await tx.execute(sql`SELECT pg_advisory_xact_lock(7240004, hashtext(${input.email}))`);
    const match = input.googleSub
      ? or(eq(users.googleSub, input.googleSub), eq(users.email, input.email))
      : eq(users.email, input.email);
    const found = await tx.select().from(users).where(match).for('update');
    const known = found.find(row => row.googleSub !== null && row.googleSub === input.googleSub) ?? found[0];
    // The verified address of today is the person's, unless another person has it.
    const addressIsFree =
      known !== undefined && found.every(row => row.userId === known.userId || row.email !== input.email);
    const profile = {
      ...(addressIsFree ? { email: input.email } : {}),
      fullName: input.fullName,
      avatarUrl: input.avatarUrl,
      updatedAt: sql`clock_timestamp()`,
    };
    const rebound = known !== undefined && input.googleSub !== null && known.googleSub !== input.googleSub;
    const sessionVersion = rebound && known.googleSub ? sql`${users.sessionVersion} + 1` : undefined;
    const [user] = known
      ? await tx
          .update(users)
          .set({
            ...profile,
            ...(input.googleSub ? { googleSub: input.googleSub } : {}),
            ...(sessionVersion ? { sessionVersion } : {}),
          })
          .where(eq(users.userId, known.userId))
          .returning()
      : await tx
          .insert(users)
          .values({
            userId: newId('usr'),
            email: input.email,
            googleSub: input.googleSub,
            fullName: input.fullName,
            avatarUrl: input.avatarUrl,
          })
          .returning();
    if (!user) throw new Error('the person was not stored');
    const members = await tx
      .update(teamMembers)
      .set({
        lastLoginAt: sql`clock_timestamp()`,
        lastActivityAt: sql`clock_timestamp()`,
        loginCount: sql`${teamMembers.loginCount} + 1`,
        fullName: input.fullName,
        avatarUrl: input.avatarUrl,
        updatedAt: sql`clock_timestamp()`,
      })
      .where(and(eq(teamMembers.userId, user.userId), inArray(teamMembers.status, ['ACTIVE'])))
      .returning();
    return {
      result: { userId: user.userId, email: user.email, sessionVersion: user.sessionVersion },
      target: { type: 'user', id: user.userId },
      before: known ? { email: known.email, google_subject: known.googleSub } : null,
      after: { email: user.email, google_subject: user.googleSub, rebound },
      mirror: members.map(teamMembersMirror.ref),
    };
  },
});
