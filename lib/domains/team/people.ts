/** The people behind memberships: found or made by their address, locked and deleted with an organization. */
import { and, asc, eq, inArray, notExists, sql } from 'drizzle-orm';
import { teamMembers, users } from '@/lib/domains/team/tables';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

export type KnownPerson = { userId: string; email: string; fullName: string | null };

/** The person with this address (lower case), made when there is none; an existing name is kept. */
export async function ensureUser(tx: Tx, email: string, fullName: string | null): Promise<KnownPerson> {
  await tx
    .insert(users)
    .values({ userId: newId('usr'), email, fullName })
    .onConflictDoNothing();
  const [user] = await tx.select().from(users).where(eq(users.email, email)).for('update');
  if (!user) throw new Error('the person was not stored');
  return { userId: user.userId, email: user.email, fullName: user.fullName ?? fullName };
}

/**
 * The people of a customer, locked: someone who is just opening or joining another organization is let finish, and then
 * seen. Signing in locks the person first and their memberships second, so this comes before those are deleted.
 */
export async function lockPeopleOf(tx: Tx, customerId: string): Promise<string[]> {
  const rows = await tx
    .selectDistinct({ userId: teamMembers.userId })
    .from(teamMembers)
    .where(eq(teamMembers.customerId, customerId));
  const userIds = rows.flatMap(row => row.userId ?? []);
  await tx.select().from(users).where(inArray(users.userId, userIds)).orderBy(asc(users.userId)).for('update');
  return userIds;
}

/** People who now belong to nobody lose their row, and with it their sessions. */
export async function deletePeopleWithoutMembership(tx: Tx, userIds: string[]): Promise<number> {
  const member = tx
    .select({ one: sql`1` })
    .from(teamMembers)
    .where(and(eq(teamMembers.userId, users.userId), inArray(teamMembers.status, ['ACTIVE', 'SUSPENDED'])));
  const gone = await tx.delete(users).where(and(inArray(users.userId, userIds), notExists(member)));
  return gone.rowCount ?? 0;
}
