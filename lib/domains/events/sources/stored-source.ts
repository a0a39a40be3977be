/** What the commands of event sources share: finding a caller's source and its keys, and writing a change. */
import { and, asc, count, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import { maxSources, maxSourcesEver } from '@/lib/domains/events/rules';
import { type EventSource, type EventWriteKey, eventSources, eventWriteKeys } from '@/lib/domains/events/tables';
import { type SourceView, sourceView } from '@/lib/domains/events/view';
import type { Change } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { invalidInput } from '@/lib/kernel/input';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export const noSuchSource = (): AppError => new AppError('not_found', 'There is no such event source.');

const mine = (ctx: Ctx, sourceId: string) =>
  and(
    eq(eventSources.customerId, requireCustomer(ctx).customerId),
    eq(eventSources.sourceId, sourceId),
    isNull(eventSources.deletedAt),
  );

/** The caller's own source as it is stored. AppError not_found, also for a foreign and a deleted one. */
export async function readSource(ctx: Ctx, sourceId: string, store: Db | Tx = db()): Promise<EventSource> {
  const [row] = await store.select().from(eventSources).where(mine(ctx, sourceId));
  if (!row) throw noSuchSource();
  return row;
}

/** As readSource, held until `tx` ends; it guards the source's keys too. */
export async function lockSource(tx: Tx, ctx: Ctx, sourceId: string): Promise<EventSource> {
  const [row] = await tx.select().from(eventSources).where(mine(ctx, sourceId)).for('update');
  if (!row) throw noSuchSource();
  return row;
}

/** The write keys of these sources, revoked ones too. */
export const keysOf = async (store: Db | Tx, sourceIds: string[]): Promise<EventWriteKey[]> =>
  sourceIds.length === 0
    ? []
    : store
        .select()
        .from(eventWriteKeys)
        .where(inArray(eventWriteKeys.sourceId, sourceIds))
        .orderBy(asc(eventWriteKeys.createdAt));

/** The source that an earlier submission of the same form made; undefined for the first. */
export async function sourceOfRequest(ctx: Ctx, token: string | undefined, store: Db | Tx = db()) {
  if (!token) return undefined;
  const { customerId } = requireCustomer(ctx);
  const same = and(eq(eventSources.customerId, customerId), eq(eventSources.requestToken, token));
  const [row] = await store.select().from(eventSources).where(same);
  return row;
}

/** A form that was sent, changed after "Back" and sent again is another source, not a double click. AppError conflict. */
export function requireSameForm(earlier: EventSource, name: string): void {
  if (earlier.sourceName === name && !earlier.deletedAt) return;
  const message = `This form has created “${earlier.sourceName}” already. Open the page again to create another source.`;
  throw new AppError('conflict', message, { details: { source_id: earlier.sourceId } });
}

/** Throws AppError conflict where the customer, whose row is locked or who is only asked in advance, has all its sources. */
export async function requireFreePlace(store: Db | Tx, customerId: string): Promise<void> {
  const [found] = await store
    .select({ ever: count(), now: sql<number>`count(*) FILTER (WHERE ${isNull(eventSources.deletedAt)})::int` })
    .from(eventSources)
    .where(eq(eventSources.customerId, customerId));
  if ((found?.now ?? 0) >= maxSources)
    throw new AppError('conflict', `There are ${maxSources} event sources, which is the most. Delete one first.`, {
      details: { max_sources: maxSources },
    });
  if ((found?.ever ?? 0) >= maxSourcesEver)
    throw new AppError('conflict', 'This organization has made as many event sources as it may. Write to us.', {
      details: { max_sources_ever: maxSourcesEver },
    });
}

/** Throws AppError invalid_input where another source of the customer, whose row the caller has locked, has the name. */
export async function requireFreeName(tx: Tx, customerId: string, name: string, except = ''): Promise<void> {
  const [taken] = await tx
    .select({ sourceId: eventSources.sourceId })
    .from(eventSources)
    .where(
      and(
        eq(eventSources.customerId, customerId),
        sql`lower(${eventSources.sourceName}) = lower(${name})`,
        ne(eventSources.sourceId, except),
        isNull(eventSources.deletedAt),
      ),
    );
  if (taken) throw invalidInput([{ path: 'name', message: 'Another event source has this name.' }]);
}

/** The view of a source with its keys as `tx` sees them. */
export async function currentView(tx: Tx, ctx: Ctx, source: EventSource): Promise<SourceView> {
  return sourceView(source, await keysOf(tx, [source.sourceId]), ctx.clock());
}

/** A change of a source, as command and audit need it; `result` is how it is after. */
export const changedSource = (before: SourceView, after: SourceView): Change<SourceView> => ({
  result: after,
  target: { type: 'event_source', id: after.source_id },
  before,
  after,
  mirror: [],
});
