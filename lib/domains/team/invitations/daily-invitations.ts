/** How many invitations a customer may send in 24 hours, so that nobody makes us a sender of unasked mail. */
import { and, asc, eq, gt } from 'drizzle-orm';
import { notifications } from '@/lib/domains/notifications/tables';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** Invitations and repeats together; several times the seats of the largest plan. */
export const invitationsPerDay = 60;
const dayMs = 86_400_000;

/** Throws AppError rate_limited where `more` invitations would pass the limit. Call it under the customer's lock. */
export async function requireWithinDailyInvitations(tx: Tx, ctx: Ctx, more: number): Promise<void> {
  if (more === 0) return;
  const now = ctx.clock();
  const { customerId } = requireCustomer(ctx);
  const sent = await tx
    .select({ at: notifications.createdAt })
    .from(notifications)
    .where(
      and(
        eq(notifications.customerId, customerId),
        eq(notifications.event, 'invitation'),
        gt(notifications.createdAt, new Date(now.getTime() - dayMs)),
      ),
    )
    .orderBy(asc(notifications.createdAt))
    .limit(invitationsPerDay);
  if (sent.length + more <= invitationsPerDay) return;
  // Room for `more` is there once the oldest of those that stand in the way is a day old.
  const inTheWay = sent[Math.min(sent.length, sent.length + more - invitationsPerDay) - 1]?.at ?? now;
  const retryAfterSeconds = Math.max(1, Math.ceil((inTheWay.getTime() + dayMs - now.getTime()) / 1000));
  const message = `At most ${invitationsPerDay} invitations can be sent in 24 hours.`;
  throw new AppError('rate_limited', message, { fields: [{ path: 'emails', message }], retryAfterSeconds });
}
