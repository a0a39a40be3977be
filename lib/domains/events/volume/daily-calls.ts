/** Events of one source by UTC day and call, the busiest calls by name and the others as one. */
import { and, desc, eq, gte, lte, sql, sum } from 'drizzle-orm';
import { z } from 'zod';
import type { CallType } from '@/lib/domains/events/rules';
import { datasetOfSource } from '@/lib/domains/events/schema-reads/own-source';
import { eventDays } from '@/lib/domains/events/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { addDays, daysFrom, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

/** Calls that have a series of their own: charts have five at most, and one is for the others. */
const namedCalls = 4;

const callsInput = z.strictObject({ days: z.coerce.number().int().min(1).max(90).default(30) });

export type DailyCalls = {
  /** The busiest calls; `event` is the name of a track call and '' for the others. */
  calls: { type: CallType; event: string }[];
  /** By day, the oldest first: events of each of `calls` in their order, and of all others. */
  days: { day: string; counts: number[]; others: number }[];
};

async function read(ctx: CustomerCtx, asked: z.output<typeof callsInput>, sourceId: string): Promise<DailyCalls> {
  await datasetOfSource(ctx, sourceId);
  const last = utcDay(ctx.clock());
  const first = addDays(last, 1 - asked.days);
  const { day, type, event } = eventDays;
  const inRange = and(eq(eventDays.sourceId, sourceId), gte(day, first), lte(day, last));
  const events = sum(eventDays.events).mapWith(Number);
  const calls = await db()
    .select({ type, event })
    .from(eventDays)
    .where(inRange)
    .groupBy(type, event)
    .orderBy(desc(events), type, event)
    .limit(namedCalls);
  // The place of a row's call in the list, or -1: so that a day has five rows at most, however many names there are.
  const place = calls.reduce(
    (otherwise, call, index) =>
      sql<number>`CASE WHEN ${type} = ${call.type} AND ${event} = ${call.event} THEN ${index}::int ELSE ${otherwise} END`,
    sql<number>`-1`,
  );
  const rows = await db().select({ day, place, events }).from(eventDays).where(inRange).groupBy(day, sql`2`);
  const days = daysFrom(first, asked.days).map(name => {
    const ofDay = new Map(rows.filter(row => row.day === name).map(row => [row.place, row.events]));
    return { day: name, counts: calls.map((_, index) => ofDay.get(index) ?? 0), others: ofDay.get(-1) ?? 0 };
  });
  return { calls, days };
}

/** The last days up to today of the caller's source. AppError not_found. */
export const dailyCalls = defineOperation({
  name: 'event_volume.list_calls',
  permission: 'events:read',
  input: callsInput,
  run: read,
});
