/** A customer's quota as Postgres holds it now; right to the millisecond, for the data plane and the pages' meters. */
import { nextUtcMonth, type QuotaSnapshot } from '@/lib/domains/quotas/rules';
import { authorise } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { nextUtcMidnight } from '@/lib/platform/clock';
import { pool } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type Quota = QuotaSnapshot & {
  apiCallsToday: number;
  apiCallsMonth: number;
  /** Null is without limit. */
  apiCallsMonthLimit: number | null;
  /** False when the subscription or a suspension refuses every start. */
  runsAllowed: boolean;
  refusalReason: 'subscription_inactive' | 'customer_suspended' | null;
  /** Start of the next UTC day and month, when the counts begin anew. */
  resetsAt: Date;
  monthResetsAt: Date;
  /** When Postgres was asked. */
  asOf: Date;
};

type Row = {
  quota: QuotaSnapshot;
  api_calls_today: string;
  api_calls_month: string;
  api_calls_month_limit: string | null;
  refusal_reason: Quota['refusalReason'];
  as_of: Date;
};

// The counter rolled to this instant's day, without writing it. OFFSET 0 keeps the function from being called per column.
const statement = `
  SELECT quota_snapshot(rolled.counter) AS quota, (rolled.counter).api_calls_today, (rolled.counter).api_calls_month,
    (rolled.counter).api_calls_month_limit, (rolled.counter).refusal_reason, rolled.as_of
  FROM (
    SELECT rolled_counter(q, clock.now) AS counter, clock.now AS as_of
    FROM quota_counters q, (SELECT quota_now(NULL) AS now) clock WHERE q.customer_id = $1 OFFSET 0
  ) rolled`;

/**
 * Today's and this month's use, limits and reset times. Throws AppError forbidden, not_found.
 * Source: docs/architecture.md, GET /v1/quota.
 */
export async function readQuota(ctx: CustomerCtx): Promise<Quota> {
  await authorise(ctx, 'quota:read', 'quota.read');
  const { rows } = await pool().query<Row>({ name: 'read-quota', text: statement, values: [ctx.customerId] });
  const [row] = rows;
  if (!row) throw new AppError('not_found', 'There is no such customer.');
  return {
    ...row.quota,
    apiCallsToday: Number(row.api_calls_today),
    apiCallsMonth: Number(row.api_calls_month),
    apiCallsMonthLimit: row.api_calls_month_limit === null ? null : Number(row.api_calls_month_limit),
    runsAllowed: row.refusal_reason === null,
    refusalReason: row.refusal_reason,
    resetsAt: nextUtcMidnight(row.as_of),
    monthResetsAt: nextUtcMonth(row.as_of),
    asOf: row.as_of,
  };
}
