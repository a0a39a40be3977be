/** Signing in: binds Google's person to ours, counts the sign-in on their memberships. Source: docs/architecture.md, Identity. */

import { asc, eq, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { countSignIn } from '@/lib/domains/team/sign-in/sign-in-members';
import { type User, users } from '@/lib/domains/team/tables';
import { defineCommand } from '@/lib/kernel/command';
import { takeLock } from '@/lib/kernel/locks';
import { givenName } from '@/lib/kernel/names';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

const signInInput = z.strictObject({
  email: z.email().max(254).toLowerCase(),
  /** Google's subject id; null where the issuer does not keep it stable. */
  googleSub: z.string().min(1).max(255).nullable(),
  /** As Google's account says; it is shown to others, so it is made fit for that. */
  fullName: z.string().max(200).nullable().transform(givenName),
  avatarUrl: z.string().max(1000).nullable(),
});

type SignIn = z.output<typeof signInInput>;

/** Whom Google vouches for, as known before; locked. The address goes along unless another person has it. */
async function lockKnown(tx: Tx, input: SignIn): Promise<{ known: User | undefined; addressIsFree: boolean }> {
  // First sign-ins of one address at the same time make one person.
  await takeLock(tx, 'signIn', input.email);
  const match = input.googleSub
    ? or(eq(users.googleSub, input.googleSub), eq(users.email, input.email))
    : eq(users.email, input.email);
  const found = await tx.select().from(users).where(match).orderBy(asc(users.userId)).for('update');
  const known = found.find(row => row.googleSub !== null && row.googleSub === input.googleSub) ?? found[0];
  const addressIsFree =
    known !== undefined && found.every(row => row.userId === known.userId || row.email !== input.email);
  return { known, addressIsFree };
}

async function storePerson(tx: Tx, input: SignIn): Promise<{ user: User; known: User | undefined; rebound: boolean }> {
  const { known, addressIsFree } = await lockKnown(tx, input);
  const { email, googleSub, fullName, avatarUrl } = input;
  if (!known) {
    const [user] = await tx
      .insert(users)
      .values({ userId: newId('usr'), email, googleSub, fullName, avatarUrl })
      .returning();
    if (!user) throw new Error('the person was not stored');
    return { user, known, rebound: false };
  }
  const rebound = googleSub !== null && known.googleSub !== googleSub;
  const [user] = await tx
    .update(users)
    .set({
      ...(addressIsFree ? { email } : {}),
      ...(googleSub ? { googleSub } : {}),
      ...(rebound && known.googleSub ? { sessionVersion: sql`${users.sessionVersion} + 1` } : {}),
      fullName,
      avatarUrl,
      updatedAt: sql`clock_timestamp()`,
    })
    .where(eq(users.userId, known.userId))
    .returning();
  if (!user) throw new Error('the person was not stored');
  return { user, known, rebound };
}

/**
 * Records a verified sign-in, also in the audit log of every organization the person belongs to; answers the person's id
 * session version, and memberships with theirs. An address that moved to another subject is rebound.
 */
export const recordSignIn = defineCommand({
  name: 'user.sign_in',
  permission: 'profile:write',
  input: signInInput,
  run: async ({ ctx, tx, input }) => {
    const { user, known, rebound } = await storePerson(tx, input);
    const { userId, email, sessionVersion } = user;
    const members = await countSignIn(tx, ctx, user, rebound);
    const memberships = members.map(member => ({
      customerId: member.customerId,
      sessionVersion: member.sessionVersion,
    }));
    return {
      result: { userId, email, sessionVersion, memberships },
      target: { type: 'user', id: userId },
      before: known ? { email: known.email, google_subject: known.googleSub } : null,
      after: { email, google_subject: user.googleSub, rebound },
      mirror: members.map(teamMembersMirror.ref),
      actor: { type: 'person', id: userId, email },
    };
  },
});
