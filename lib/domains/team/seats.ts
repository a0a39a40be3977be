/**
 * Seats of a customer: active members and open invitations, counted under the customer's lock.
 * Source: docs/architecture.md, Seats.
 */
import { and, eq, gt, sql } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { seatsFull } from '@/lib/domains/team/rules';
import { teamMembers } from '@/lib/domains/team/tables';
import { authorise } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type Seats = {
  /** members + invitations. */
  used: number;
  limit: number;
  members: number;
  /** Open ones; an expired invitation has freed its seat. */
  invitations: number;
};

async function countSeats(store: Db | Tx, customerId: string, now: Date): Promise<Seats> {
  const open = and(eq(teamMembers.status, 'INVITED'), gt(teamMembers.invitationExpiresAt, now));
  const [taken] = await store
    .select({
      members: sql<number>`count(*) FILTER (WHERE ${eq(teamMembers.status, 'ACTIVE')})::int`,
      invitations: sql<number>`count(*) FILTER (WHERE ${open})::int`,
    })
    .from(teamMembers)
    .where(eq(teamMembers.customerId, customerId));
  const { maxTeamMembers } = await currentSubscription(store, customerId);
  const { members, invitations } = taken ?? { members: 0, invitations: 0 };
  return { used: members + invitations, limit: maxTeamMembers, members, invitations };
}

/** Locks the customer's row until the end of `tx` and counts; two at once see one another. */
export async function lockSeats(tx: Tx, customerId: string, now: Date): Promise<Seats> {
  await tx
    .select({ id: customers.customerId })
    .from(customers)
    .where(eq(customers.customerId, customerId))
    .for('update');
  return countSeats(tx, customerId, now);
}

/** Seats in use and in the plan, for pages; what an invitation may take is decided by lockSeats. AppError forbidden. */
export async function readSeats(ctx: CustomerCtx): Promise<Seats> {
  await authorise(ctx, 'team:read', 'team.read_seats');
  return countSeats(db(), ctx.customerId, ctx.clock());
}

/** Throws AppError conflict when no seat is free. */
export function requireFreeSeat(seats: Seats): void {
  if (seats.used >= seats.limit) throw noFreeSeat(seats);
}

/** The refusal for want of a seat; `details` join the problem document. */
export const noFreeSeat = (seats: Seats, details: Record<string, unknown> = {}): AppError =>
  new AppError('conflict', seatsFull(seats), { details: { seats_used: seats.used, seats: seats.limit, ...details } });
