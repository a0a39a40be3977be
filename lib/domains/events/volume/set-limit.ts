/** Staff give a customer another number of events a month than its plan has. */
import { eq } from 'drizzle-orm';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { setEventLimitInput } from '@/lib/domains/events/input';
import { eventLimits } from '@/lib/domains/events/tables';
import { readMonthUse } from '@/lib/domains/events/volume/month-use';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';

/** Holds at the door within seconds, whatever plan comes later, until it is given back. AppError not_found. */
export const setEventLimit = defineCommand({
  name: 'event_limit.set',
  permission: 'staff:write',
  input: setEventLimitInput,
  run: async ({ ctx, tx, input }): Promise<Change<{ max_events_per_month: number }>> => {
    const { customerId } = requireCustomer(ctx);
    const now = ctx.clock();
    await lockCustomer(tx, customerId);
    const before = await readMonthUse(customerId, now, tx);
    const maxEventsPerMonth = input.max_events_per_month;
    if (maxEventsPerMonth === null) await tx.delete(eventLimits).where(eq(eventLimits.customerId, customerId));
    else {
      const columns = { maxEventsPerMonth, updatedBy: actorLabel(ctx.actor), updatedAt: now };
      await tx
        .insert(eventLimits)
        .values({ customerId, ...columns })
        .onConflictDoUpdate({ target: eventLimits.customerId, set: columns });
    }
    const after = await readMonthUse(customerId, now, tx);
    const result = { max_events_per_month: after.limit };
    if (after.limit === before.limit) return { result, unchanged: true };
    const target = { type: 'customer', id: customerId };
    return { result, target, before: { max_events_per_month: before.limit }, after: result, mirror: [] };
  },
});
