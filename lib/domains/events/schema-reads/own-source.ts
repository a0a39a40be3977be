/** Which dataset a source of the caller has: the only way from a source's id to what lies in the ingest tables. */
import { sourceId } from '@/lib/domains/events/input';
import { noSuchSource, readSource } from '@/lib/domains/events/sources/stored-source';
import type { CustomerCtx } from '@/lib/kernel/ctx';

/** The dataset of the caller's source. AppError not_found for an unknown, foreign or deleted one, and for what is no id. */
export async function datasetOfSource(ctx: CustomerCtx, id: string): Promise<string> {
  if (!sourceId.safeParse(id).success) throw noSuchSource();
  return (await readSource(ctx, id)).dataset;
}
