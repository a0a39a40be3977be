/** What a customer has used of its month's events, and how many it may send: the plan's number, or its own. */
import { sql } from 'drizzle-orm';
import { type CustomerStatus, refusalReasonOf } from '@/lib/domains/customers/rules';
import { eventsPerMonth } from '@/lib/domains/events/rules';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import { utcMonth } from '@/lib/platform/clock';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type MonthUse = {
  /** First day of the UTC month. */
  month: string;
  used: number;
  limit: number;
  /** Why the customer may send nothing at all; null where it may. */
  refusal: ReturnType<typeof refusalReasonOf>;
};

type Row = { status: CustomerStatus; plan: PlanName; own_limit: string | null; events: string | null };

/** The use of the month of `now`, as the worker has counted it. AppError not_found. */
export async function readMonthUse(customerId: string, now: Date, store: Db | Tx = db()): Promise<MonthUse> {
  const month = utcMonth(now);
  const { rows } = await store.execute<Row>(sql`
    SELECT c.status, c.subscription_plan AS plan, l.max_events_per_month AS own_limit, m.events
    FROM customers c
    LEFT JOIN event_limits l ON l.customer_id = c.customer_id
    LEFT JOIN event_months m ON m.customer_id = c.customer_id AND m.month = ${month}
    WHERE c.customer_id = ${customerId}`);
  const [row] = rows;
  if (!row) throw new AppError('not_found', 'There is no such customer.');
  return {
    month,
    used: Number(row.events ?? 0),
    limit: row.own_limit === null ? eventsPerMonth[row.plan] : Number(row.own_limit),
    refusal: refusalReasonOf(row.status),
  };
}
