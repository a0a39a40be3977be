/** What staff see and do about events that were given up. */
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { type ListedEvent, listEvents } from '@/lib/domains/subscriptions/sync/inbox';
import { eventQueue } from '@/lib/domains/subscriptions/sync/queue';
import { stripeEvents } from '@/lib/domains/subscriptions/tables';
import { recordStaffRead } from '@/lib/kernel/audit/audit-reads';
import { authorise, defineCommand } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import { replay } from '@/lib/kernel/queue/queue';

const listedAtMost = 500;

/** Events that were given up, newest first, for the support console; an audited read of staff. AppError forbidden. */
export async function listDeadEvents(ctx: Ctx): Promise<ListedEvent[]> {
  await authorise(ctx, 'staff:read', 'stripe_event.list_dead');
  await recordStaffRead(ctx, 'stripe_event.list_dead', {});
  return listEvents({ status: 'dead', limit: listedAtMost });
}

/**
 * Puts an event back in line with all its attempts, whether it was given up, ignored or done: what is done for it is
 * asked of Stripe anew, so a repeat does no harm. AppError not_found, conflict while it waits already.
 */
export const replayEvent = defineCommand({
  name: 'stripe_event.replay',
  permission: 'staff:write',
  input: z.strictObject({ event_id: z.string().regex(/^evt_\w{1,200}$/, 'This is no id of an event.') }),
  run: async ({ ctx, tx, input }) => {
    const event = await replay(tx, eventQueue, {
      id: input.event_id,
      from: ['dead', 'skipped', 'done'],
      now: ctx.clock(),
      where: ctx.customerId ? eq(stripeEvents.customerId, ctx.customerId) : undefined,
      set: { processedAt: null },
    });
    return {
      result: { event_id: event.eventId },
      target: { type: 'stripe_event', id: event.eventId },
      before: { status: event.status, attempts: event.attempts, last_error: event.lastError },
      after: { status: 'waiting' },
      mirror: [],
    };
  },
});
