/** Runs told apart, with those of the time before where they are compared, and the names of their keys. */
import type { KeyNames } from '@/app/(portal)/usage/_parts/counts-points';
import type { UsageView } from '@/app/(portal)/usage/_parts/usage-view';
import { type RunCounts, readRunCounts } from '@/lib/domains/runs/reads/run-counts';
import { listKeyNames } from '@/lib/domains/runs/reads/run-names';
import type { Ctx } from '@/lib/kernel/ctx';
import { olderOf, type RowsAge } from '@/lib/warehouse/query/rows-age';

export type CountsRead = RowsAge & { counts: RunCounts; before: RunCounts | null; keys: KeyNames };

/** What the chart of the view needs. AppError warehouse_unavailable. */
export async function readCounts(ctx: Ctx, { by, step, from, until, isCompared }: UsageView): Promise<CountsRead> {
  const earlier = new Date(2 * from.getTime() - until.getTime());
  const [counts, before, keys] = await Promise.all([
    readRunCounts(ctx, { by, step, from, until }),
    isCompared ? readRunCounts(ctx, { by, step, from: earlier, until: from }) : null,
    by === 'key' ? listKeyNames(ctx) : [],
  ]);
  return {
    ...(before ? olderOf(counts, before) : counts),
    counts,
    before,
    keys: new Map(keys.map(({ id, name }) => [id, name])),
  };
}
