/** Finds or makes the person behind an address. */
import { eq } from 'drizzle-orm';
import { users } from '@/lib/domains/team/tables';
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
