/**
 * Session cookies are new after every gain of power. A cookie holds no role (that is read from Postgres on every request),
 * so signing in and switching mint one anew, and less power needs nothing; but a cookie that was stolen from a viewer must
 * not become an owner's. So whoever gets more power signs in again, in every browser. Source: docs/architecture.md, Sessions.
 */
import { eq, sql } from 'drizzle-orm';
import { type TeamMember, users } from '@/lib/domains/team/tables';
import { type Permission, permissions, type Role, roleHas } from '@/lib/kernel/permissions';
import type { Tx } from '@/lib/platform/db';

/** True where `now` may do something that `before` may not. */
export const isRaised = (before: Role, now: Role): boolean =>
  (Object.keys(permissions) as Permission[]).some(name => roleHas(now, name) && !roleHas(before, name));

/**
 * Ends the person's sessions where their role gains power; their next request asks them to sign in. Call it before the
 * member's row is changed: signing in locks the person first and their memberships second.
 */
export async function endSessionsIfRaised(tx: Tx, before: TeamMember, now: TeamMember): Promise<void> {
  if (now.userId === null || !isRaised(before.role as Role, now.role as Role)) return;
  await tx
    .update(users)
    .set({ sessionVersion: sql`${users.sessionVersion} + 1` })
    .where(eq(users.userId, now.userId));
}
