/** Seats of a customer: active members and open invitations, counted under the customer's lock. Source: DESIGN 4, Seats. */
import { and, count, desc, eq, gt, or } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { teamMembers } from '@/lib/domains/team/tables';
import { authorise } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type Seats = { used: number; limit: number };

async function countSeats(store: Db | Tx, customerId: string, now: Date): Promise<Seats> {
  const open = and(eq(teamMembers.status, 'INVITED'), gt(teamMembers.invitationExpiresAt, now));
  const [taken] = await store
    .select({ used: count() })
    .from(teamMembers)
    .where(and(eq(teamMembers.customerId, customerId), or(eq(teamMembers.status, 'ACTIVE'), open)));
  const [inForce] = await store
    .select({ limit: subscriptions.maxTeamMembers })
    .from(subscriptions)
    .where(eq(subscriptions.customerId, customerId))
    .orderBy(desc(subscriptions.createdAt))
    .limit(1);
  return { used: taken?.used ?? 0, limit: inForce?.limit ?? 0 };
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
export function requireFreeSeat({ used, limit }: Seats): void {
  if (used < limit) return;
  throw new AppError('conflict', `All ${limit} seats are used. Remove a member or change the plan.`, {
    details: { seats_used: used, seats: limit },
  });
}
