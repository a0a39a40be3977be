/**
 * Session cookies are new after every gain of power. A cookie holds no role (that is read from Postgres on every request),
 * so signing in and switching mint one anew, and less power needs nothing; but a cookie that was stolen from a viewer must
 * not become an owner's. So whoever gets more power in an organization signs in again to enter it, in every browser; what
 * they do in other organizations goes on. Source: docs/architecture.md, Identity.
 */
import type { TeamMember } from '@/lib/domains/team/tables';
import { type Permission, permissions, type Role, roleHas } from '@/lib/kernel/permissions';

/** True where `now` may do something that `before` may not. */
export const isRaised = (before: Role, now: Role): boolean =>
  (Object.keys(permissions) as Permission[]).some(name => roleHas(now, name) && !roleHas(before, name));

/** The columns of a member who gets the role: with more power, sessions that began before are over in this organization. */
export const columnsOfRole = (before: TeamMember, role: Role): Partial<TeamMember> => ({
  role,
  ...(isRaised(before.role, role) ? { sessionVersion: before.sessionVersion + 1 } : {}),
});
