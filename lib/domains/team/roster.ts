/** The team under its customer's lock: every change of it starts here, so that two at once see one another. */
import { and, eq } from 'drizzle-orm';
import { lockSeats, type Seats } from '@/lib/domains/team/seats';
import { type TeamMember, teamMembers } from '@/lib/domains/team/tables';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { type Permission, roleHas } from '@/lib/kernel/permissions';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type Roster = {
  customerId: string;
  /** Every row of the customer, removed people and cancelled invitations too. */
  members: TeamMember[];
  seats: Seats;
  /** The caller's own row; undefined for keys and the system. */
  self: TeamMember | undefined;
  /** Whether the caller may make, change and remove owners. Keys never may. */
  actsAsOwner: boolean;
};

/**
 * Locks the customer and reads its team. A person's membership and role are read again here: what the session said may
 * have changed since. AppError forbidden for one who is no longer a member or no longer allowed.
 */
export async function lockRoster(tx: Tx, ctx: Ctx, permission: Permission): Promise<Roster> {
  const { customerId, actor } = requireCustomer(ctx);
  const seats = await lockSeats(tx, customerId, ctx.clock());
  const members = await tx.select().from(teamMembers).where(eq(teamMembers.customerId, customerId));
  if (actor.type !== 'user')
    return { customerId, members, seats, self: undefined, actsAsOwner: actor.type === 'system' };
  const self = members.find(member => member.userId === actor.id && member.status === 'ACTIVE');
  if (!self) throw new AppError('forbidden', 'You are no longer a member of this organization.');
  if (!roleHas(self.role, permission)) throw new AppError('forbidden', 'Your role no longer allows this.');
  return { customerId, members, seats, self, actsAsOwner: self.role === 'OWNER' };
}

/** The row of that id among those of the given statuses. AppError not_found for any other. */
export function memberOf(roster: Roster, memberId: string, ...statuses: string[]): TeamMember {
  const found = roster.members.find(member => member.memberId === memberId);
  if (!found || !statuses.includes(found.status)) throw new AppError('not_found', 'There is no such member.');
  return found;
}

/** Throws AppError forbidden where only an owner may act: on owners, and to make them. */
export function requireOwnerFor(roster: Roster, ...roles: string[]): void {
  if (roster.actsAsOwner || !roles.includes('OWNER')) return;
  const message = 'Only owners can invite, change or remove owners.';
  throw new AppError('forbidden', message, { fields: [{ path: 'role', message }] });
}

/** Throws AppError conflict where the organization would be left without an owner. Source: docs/architecture.md, Roles. */
export function requireAnotherOwner(roster: Roster, leaving: TeamMember): void {
  if (leaving.role !== 'OWNER' || leaving.status !== 'ACTIVE') return;
  const others = roster.members.filter(
    member => member.role === 'OWNER' && member.status === 'ACTIVE' && member.memberId !== leaving.memberId,
  );
  if (others.length > 0) return;
  const message = 'Make someone else owner first.';
  throw new AppError('conflict', `An organization keeps at least one owner. ${message}`, {
    fields: [{ path: 'role', message }],
  });
}

/** Writes changed columns of a row; answers it as it is now. */
export async function updateMember(tx: Tx, ctx: Ctx, id: string, columns: Partial<TeamMember>): Promise<TeamMember> {
  const mine = and(eq(teamMembers.customerId, requireCustomer(ctx).customerId), eq(teamMembers.memberId, id));
  const [changed] = await tx
    .update(teamMembers)
    .set({ ...columns, updatedAt: ctx.clock() })
    .where(mine)
    .returning();
  if (!changed) throw new Error('the member went away under the lock');
  return changed;
}
