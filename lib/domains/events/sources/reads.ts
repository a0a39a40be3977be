/** Event sources as their customer reads them: from Postgres, which alone knows them. */
import { and, asc, eq, isNull } from 'drizzle-orm';
import { sourceId } from '@/lib/domains/events/input';
import { keysOf, readSource } from '@/lib/domains/events/sources/stored-source';
import { eventSources } from '@/lib/domains/events/tables';
import { type SourceView, sourceView } from '@/lib/domains/events/view';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** The caller's sources by name. AppError forbidden, insufficient_scope. */
export async function listSources(ctx: Ctx): Promise<SourceView[]> {
  await authorise(ctx, 'events:read', 'event_source.list');
  const { customerId } = requireCustomer(ctx);
  const rows = await db()
    .select()
    .from(eventSources)
    .where(and(eq(eventSources.customerId, customerId), isNull(eventSources.deletedAt)))
    .orderBy(asc(eventSources.sourceName));
  const keys = await keysOf(
    db(),
    rows.map(row => row.sourceId),
  );
  const now = ctx.clock();
  return rows.map(row =>
    sourceView(
      row,
      keys.filter(key => key.sourceId === row.sourceId),
      now,
    ),
  );
}

/** One source of the caller. AppError not_found, also for a foreign, deleted or malformed id. */
export async function findSource(ctx: Ctx, id: string): Promise<SourceView> {
  await authorise(ctx, 'events:read', 'event_source.read');
  if (!sourceId.safeParse(id).success) throw new AppError('not_found', 'There is no such event source.');
  const row = await readSource(ctx, id);
  return sourceView(row, await keysOf(db(), [id]), ctx.clock());
}
