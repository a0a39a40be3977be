/** Counts of the last seven days as pages show them. */
import { countRecent } from '@/lib/domains/runs/reads/queries';
import type { Ctx } from '@/lib/kernel/ctx';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

export type RecentCounts = { runs: number; runsFailed: number; checks: number; checksFailed: number };

/** Runs and checks of the last 7 UTC days, today included; zeros before a customer's first run. AppError warehouse_unavailable. */
export async function readRecent(ctx: Ctx): Promise<RowsAge & { counts: RecentCounts }> {
  const { rows, state, readAt, pendingSince } = await countRecent(ctx, {});
  const [row] = rows;
  return {
    state,
    readAt,
    pendingSince,
    counts: {
      runs: row?.runs ?? 0,
      runsFailed: row?.runs_failed ?? 0,
      checks: row?.checks ?? 0,
      checksFailed: row?.checks_failed ?? 0,
    },
  };
}
