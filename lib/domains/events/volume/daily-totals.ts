/** How many events each source of a customer took by UTC day, from the counts in Postgres. */
import { and, eq, gte, isNull, sum } from 'drizzle-orm';
import { z } from 'zod';
import { eventDays, eventSources } from '@/lib/domains/events/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { addDays, daysFrom, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

const totalsInput = z.strictObject({ days: z.number().int().min(1).max(90).default(30) });

/** Events by day, the oldest first and today last; a day without events is 0. By the source's id. */
export type DailyTotals = Map<string, number[]>;

async function totals(ctx: CustomerCtx, { days }: z.output<typeof totalsInput>): Promise<DailyTotals> {
  const today = utcDay(ctx.clock());
  const first = addDays(today, 1 - days);
  const rows = await db()
    .select({ sourceId: eventDays.sourceId, day: eventDays.day, events: sum(eventDays.events).mapWith(Number) })
    .from(eventDays)
    .innerJoin(eventSources, eq(eventSources.sourceId, eventDays.sourceId))
    .where(and(eq(eventSources.customerId, ctx.customerId), isNull(eventSources.deletedAt), gte(eventDays.day, first)))
    .groupBy(eventDays.sourceId, eventDays.day);
  const places = new Map(daysFrom(first, days).map((day, index) => [day, index]));
  const found: DailyTotals = new Map();
  for (const { sourceId, day, events } of rows) {
    const place = places.get(day);
    const counts = found.get(sourceId) ?? Array<number>(days).fill(0);
    if (place !== undefined) counts[place] = events;
    found.set(sourceId, counts);
  }
  return found;
}

/** Totals of the caller's sources; one without events in these days is not there. */
export const dailyTotals = defineOperation({
  name: 'event_volume.list_totals',
  permission: 'events:read',
  input: totalsInput,
  run: totals,
});
