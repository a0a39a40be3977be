/** What a query would read and cost, before anything of it is billed. */
import { capOf, readCaps } from '@/lib/domains/desk/caps/caps';
import { namedTables, withColumns } from '@/lib/domains/desk/catalog/desk-tables';
import { withinCheckBudget } from '@/lib/domains/desk/check/check-budget';
import { checkQuery } from '@/lib/domains/desk/check/check-query';
import { type QueryInput, queryInput } from '@/lib/domains/desk/input';
import { billedAtLeast, fitsDay, type ResultColumn, usdOfBytes } from '@/lib/domains/desk/rules';
import { dryRun } from '@/lib/domains/desk/run/dry-run';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { env } from '@/lib/platform/env';

export type Estimate = {
  /** The text that would run. */
  sql: string;
  tables: { name: string }[];
  /** At least what BigQuery bills. */
  estimatedBytes: number;
  usd: number;
  /** What this query may bill. */
  capBytes: number;
  /** What the organization's queries of this UTC day have billed or hold, and may. */
  dayBytes: number;
  dayLimitBytes: number;
  columns: ResultColumn[];
  fits: 'yes' | 'over_cap' | 'over_day';
};

function fitOf(
  estimatedBytes: number,
  capBytes: number,
  day: { dayBytes: number; bytesPerDay: number },
): Estimate['fits'] {
  if (estimatedBytes > capBytes) return 'over_cap';
  return fitsDay(estimatedBytes, day.dayBytes, day.bytesPerDay) ? 'yes' : 'over_day';
}

/** The estimate of a text that all three layers let through. Throws AppError query_refused, rate_limited, desk_closed, warehouse_unavailable. */
export async function estimateOf(
  ctx: CustomerCtx,
  { sql: written, limit, max_bytes_billed }: QueryInput,
): Promise<Estimate> {
  const { sql, tables } = await withinCheckBudget(ctx.customerId, async worked => {
    const known = await namedTables(ctx);
    return checkQuery(written, {
      tables: known.map(({ name }) => name),
      columnsOf: names => {
        const asked = new Set(names);
        return withColumns(known.filter(({ name }) => asked.has(name)));
      },
      limit,
      worked,
    });
  });
  const { bytes, columns } = await dryRun(ctx, sql, tables);
  const [caps, capBytes] = await Promise.all([readCaps(ctx), capOf(ctx, max_bytes_billed)]);
  const estimatedBytes = billedAtLeast(bytes, tables.length);
  return {
    sql,
    tables: tables.map(name => ({ name })),
    estimatedBytes,
    usd: usdOfBytes(estimatedBytes, env().BIGQUERY_USD_PER_TIB),
    capBytes,
    dayBytes: caps.dayBytes,
    dayLimitBytes: caps.bytesPerDay,
    columns,
    fits: fitOf(estimatedBytes, capBytes, caps),
  };
}

/** Says what a query would read, and whether it may. A text that is refused throws; one that is too large is told by `fits`. */
export const estimateQuery = defineOperation({
  name: 'desk.estimate',
  permission: 'desk:query',
  input: queryInput,
  run: (ctx, input): Promise<Estimate> => estimateOf(ctx, input),
});
