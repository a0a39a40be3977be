/** Which dataset a source of the caller has: the only way from a source's id to what lies in the ingest tables. */
import { and, eq, isNull } from 'drizzle-orm';
import { sourceId } from '@/lib/domains/events/input';
import { eventSources } from '@/lib/domains/events/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** The dataset of the caller's source. AppError not_found for an unknown, foreign or deleted one, and for what is no id. */
export async function datasetOfSource(ctx: CustomerCtx, id: string): Promise<string> {
  const own = and(
    eq(eventSources.customerId, ctx.customerId),
    eq(eventSources.sourceId, id),
    isNull(eventSources.deletedAt),
  );
  const [source] = sourceId.safeParse(id).success
    ? await db().select({ dataset: eventSources.dataset }).from(eventSources).where(own)
    : [];
  if (!source) throw new AppError('not_found', 'There is no such event source.');
  return source.dataset;
}
