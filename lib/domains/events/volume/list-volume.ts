/** How many events came, by source, name and UTC day, from the counts in Postgres. */
import { and, desc, eq, gte, lte, sum } from 'drizzle-orm';
import type { z } from 'zod';
import { volumeInput } from '@/lib/domains/events/input';
import type { CallType } from '@/lib/domains/events/rules';
import { readSource } from '@/lib/domains/events/sources/stored-source';
import { eventDays, eventSources } from '@/lib/domains/events/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { addDays, daysFrom, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

/** Names listed; the rest is one number. */
const listedNames = 100;

export type Volume = {
  /** First and last UTC day. */
  from: string;
  to: string;
  events: number;
  /** Each day of the range, the oldest first. */
  days: { day: string; events: number }[];
  /** Those with events, the busiest first; deleted ones too, since their events count. */
  sources: { source_id: string; name: string; is_deleted: boolean; events: number }[];
  /** The most frequent calls; `event` is the name of a track call and '' for the others. */
  calls: { source_id: string; type: CallType; event: string; events: number }[];
  /** Events of calls that are not listed. */
  other_events: number;
};

async function readVolume(ctx: CustomerCtx, { days, source_id }: z.output<typeof volumeInput>): Promise<Volume> {
  if (source_id) await readSource(ctx, source_id);
  const to = utcDay(ctx.clock());
  const from = addDays(to, 1 - days);
  const { sourceId, day, type, event } = eventDays;
  const events = sum(eventDays.events).mapWith(Number);
  const asked = and(
    eq(eventSources.customerId, ctx.customerId),
    source_id ? eq(sourceId, source_id) : undefined,
    gte(day, from),
    lte(day, to),
  );
  const ofSource = eq(eventSources.sourceId, sourceId);
  const { sourceName, deletedAt } = eventSources;
  const [byDay, bySource, byCall] = await Promise.all([
    db().select({ day, events }).from(eventDays).innerJoin(eventSources, ofSource).where(asked).groupBy(day),
    db()
      .select({ sourceId, sourceName, deletedAt, events })
      .from(eventDays)
      .innerJoin(eventSources, ofSource)
      .where(asked)
      .groupBy(sourceId, sourceName, deletedAt)
      .orderBy(desc(events), sourceName),
    db()
      .select({ source_id: sourceId, type, event, events })
      .from(eventDays)
      .innerJoin(eventSources, ofSource)
      .where(asked)
      .groupBy(sourceId, type, event)
      .orderBy(desc(events), event, type, sourceId)
      .limit(listedNames),
  ]);
  const counts = new Map(byDay.map(row => [row.day, row.events]));
  const total = byDay.reduce((all, row) => all + row.events, 0);
  return {
    from,
    to,
    events: total,
    days: daysFrom(from, days).map(name => ({
      day: name,
      events: counts.get(name) ?? 0,
    })),
    sources: bySource.map(row => ({
      source_id: row.sourceId,
      name: row.sourceName,
      is_deleted: row.deletedAt !== null,
      events: row.events,
    })),
    calls: byCall,
    other_events: total - byCall.reduce((all, row) => all + row.events, 0),
  };
}

/** The last days up to today, of all sources of the caller or of one. AppError invalid_input, not_found for a foreign source. */
export const listVolume = defineOperation({
  name: 'event_volume.list',
  permission: 'events:read',
  input: volumeInput,
  run: readVolume,
});
