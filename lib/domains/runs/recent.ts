/** Counts of the last seven days as pages show them. */
import { countRecent } from '@/lib/domains/runs/queries';
import type { Ctx } from '@/lib/kernel/ctx';
import type { QueryAnswer } from '@/lib/warehouse/query/define-query';

export type RecentCounts = { runs: number; runsFailed: number; checks: number; checksFailed: number };

/** Runs and checks of the last 7 UTC days, today included; zeros before a customer's first run. AppError warehouse_unavailable. */
export async function readRecent(ctx: Ctx): Promise<Omit<QueryAnswer<never>, 'rows'> & { counts: RecentCounts }> {
  const { rows, ...answer } = await countRecent(ctx, {});
  const [row] = rows;
  return {
    ...answer,
    counts: {
      runs: row?.runs ?? 0,
      runsFailed: row?.runs_failed ?? 0,
      checks: row?.checks ?? 0,
      checksFailed: row?.checks_failed ?? 0,
    },
  };
}
