/** One discard of a source of the caller. */
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { datasetOfSource } from '@/lib/domains/events/schema-reads/own-source';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { ingestDiscards } from '@/lib/warehouse/ingest/tables';

export const discardId = z.string().regex(/^[\w-]{1,80}$/, 'This is not the id of a discard.');

export type Discard = typeof ingestDiscards.$inferSelect;

/** The discard, where it is of this source and the source of the caller. AppError not_found. */
export async function findDiscard(
  ctx: CustomerCtx,
  { source_id, discard_id }: { source_id: string; discard_id: string },
  store: Db | Tx = db(),
): Promise<Discard> {
  const dataset = await datasetOfSource(ctx, source_id);
  const [discard] = await store
    .select()
    .from(ingestDiscards)
    .where(and(eq(ingestDiscards.dataset, dataset), eq(ingestDiscards.discardId, discard_id)));
  if (!discard) throw new AppError('not_found', 'The source has no such discard.');
  return discard;
}
