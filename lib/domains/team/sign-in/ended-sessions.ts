/** Signing out, and going on in a new session: the old one is over everywhere, also for a copy of its cookie. */
import { eq, lt } from 'drizzle-orm';
import { endedSessions } from '@/lib/domains/team/tables';
import { type Db, db } from '@/lib/platform/db';

/** Ends the session for good; `expiresAt` is when its cookie would have ended by itself. Again changes nothing. */
export async function endSession(sessionId: string, expiresAt: Date, store: Db = db()): Promise<void> {
  await store.insert(endedSessions).values({ sessionId, expiresAt }).onConflictDoNothing();
  await store.delete(endedSessions).where(lt(endedSessions.expiresAt, new Date()));
}

/** True when the session was ended; forgotten once no cookie of it is taken any more. */
export async function isEnded(sessionId: string, store: Db = db()): Promise<boolean> {
  const rows = await store
    .select({ id: endedSessions.sessionId })
    .from(endedSessions)
    .where(eq(endedSessions.sessionId, sessionId));
  return rows.length > 0;
}
