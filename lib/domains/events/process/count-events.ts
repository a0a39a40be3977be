/** Counts accepted calls: by source, day and name for the volume pages, by customer and month for the limit of the plan. */
import { sql } from 'drizzle-orm';
import type { Outcome } from '@/lib/domains/events/process/outcome';
import { type CallType, maxCountedNames, otherEvents } from '@/lib/domains/events/rules';
import { utcDay, utcMonth } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';

type DayCount = { sourceId: string; day: string; type: CallType; event: string; events: number };

function dayCounts(outcomes: readonly Outcome[]): DayCount[] {
  const counts = new Map<string, DayCount>();
  for (const { source, receivedAt, type, event } of outcomes) {
    if (type === null) continue;
    const count: DayCount = { sourceId: source.sourceId, day: utcDay(receivedAt), type, event: event ?? '', events: 0 };
    const key = `${count.sourceId} ${count.day} ${type} ${count.event}`;
    const kept = counts.get(key) ?? count;
    kept.events += 1;
    counts.set(key, kept);
  }
  return [...counts.values()];
}

/** Names that are counted already, of the source's days that these counts are of. */
async function knownNames(tx: Tx, counts: readonly DayCount[]): Promise<Map<string, Set<string>>> {
  const days = [...new Map(counts.map(({ sourceId, day }) => [`${sourceId} ${day}`, { sourceId, day }])).values()];
  const { rows } = await tx.execute<{ key: string; names: string[] }>(sql`
    SELECT source_id || ' ' || day AS key, array_agg(event) AS names
    FROM unnest(${sql.param(days.map(({ sourceId }) => sourceId))}::text[], ${sql.param(days.map(({ day }) => day))}::date[])
      AS asked (source_id, day)
    JOIN event_days USING (source_id, day)
    WHERE type = 'track' GROUP BY source_id, day`);
  return new Map(rows.map(({ key, names }) => [key, new Set(names)]));
}

/** Beyond the names that are counted on a day all others are counted as one. The caller holds the lock of the source. */
async function withinNames(tx: Tx, counts: readonly DayCount[]): Promise<DayCount[]> {
  const tracks = counts.filter(({ type }) => type === 'track');
  const known = await knownNames(tx, tracks);
  const merged = new Map<string, DayCount>();
  for (const count of counts) {
    const names = known.get(`${count.sourceId} ${count.day}`) ?? new Set<string>();
    known.set(`${count.sourceId} ${count.day}`, names);
    const isCounted = count.type !== 'track' || names.has(count.event) || names.size < maxCountedNames;
    if (isCounted && count.type === 'track') names.add(count.event);
    const event = isCounted ? count.event : otherEvents;
    const key = `${count.sourceId} ${count.day} ${count.type} ${event}`;
    const kept = merged.get(key) ?? { ...count, event, events: 0 };
    kept.events += count.events;
    merged.set(key, kept);
  }
  return [...merged.values()];
}

async function countDays(tx: Tx, outcomes: readonly Outcome[]): Promise<void> {
  const counts = await withinNames(tx, dayCounts(outcomes));
  const column = <Key extends keyof DayCount>(key: Key) => sql.param(counts.map(count => count[key]));
  await tx.execute(sql`
    INSERT INTO event_days AS kept (source_id, day, type, event, events)
    SELECT unnest(${column('sourceId')}::text[]), unnest(${column('day')}::date[]), unnest(${column('type')}::text[]),
      unnest(${column('event')}::text[]), unnest(${column('events')}::bigint[])
    ON CONFLICT (source_id, day, type, event) DO UPDATE SET events = kept.events + excluded.events`);
}

/** In one order of customers, so that two shards never wait for each other. */
async function countMonths(tx: Tx, outcomes: readonly Outcome[]): Promise<void> {
  const counts = new Map<string, number>();
  for (const { source, receivedAt } of outcomes) {
    const key = `${source.customerId} ${utcMonth(receivedAt)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const keys = [...counts.keys()].sort();
  await tx.execute(sql`
    INSERT INTO event_months AS kept (customer_id, month, events)
    SELECT unnest(${sql.param(keys.map(key => key.split(' ')[0]))}::text[]),
      unnest(${sql.param(keys.map(key => key.split(' ')[1]))}::date[]),
      unnest(${sql.param(keys.map(key => counts.get(key)))}::bigint[])
    ON CONFLICT (customer_id, month) DO UPDATE SET events = kept.events + excluded.events`);
}

/** When the source's first event was received, and its last. */
async function noteFirstAndLast(tx: Tx, outcomes: readonly Outcome[]): Promise<void> {
  const spans = new Map<string, { first: Date; last: Date }>();
  for (const { source, receivedAt } of outcomes) {
    const span = spans.get(source.sourceId) ?? { first: receivedAt, last: receivedAt };
    if (receivedAt < span.first) span.first = receivedAt;
    if (receivedAt > span.last) span.last = receivedAt;
    spans.set(source.sourceId, span);
  }
  const times = [...spans.values()];
  await tx.execute(sql`
    UPDATE event_sources SET first_event_at = least(first_event_at, first_at), last_event_at = greatest(last_event_at, last_at)
    FROM unnest(${sql.param([...spans.keys()])}::text[], ${sql.param(times.map(({ first }) => first.toISOString()))}::timestamptz[],
      ${sql.param(times.map(({ last }) => last.toISOString()))}::timestamptz[]) AS seen (seen_id, first_at, last_at)
    WHERE source_id = seen_id`);
}

/** Counts the accepted ones of these calls. Source: docs/architecture.md, Event collection. */
export async function countEvents(tx: Tx, outcomes: readonly Outcome[]): Promise<void> {
  const accepted = outcomes.filter(({ outcome }) => outcome === 'ACCEPTED');
  if (accepted.length === 0) return;
  await countDays(tx, accepted);
  await countMonths(tx, accepted);
  await noteFirstAndLast(tx, accepted);
}
