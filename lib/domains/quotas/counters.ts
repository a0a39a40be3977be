/** The counter row of a customer: made with the customer, its limits changed by plan, status and staff. */
import { eq, sql } from 'drizzle-orm';
import { type LimitChanges, limitsInput } from '@/lib/domains/quotas/input';
import type { QuotaSnapshot } from '@/lib/domains/quotas/rules';
import { quotaCounters } from '@/lib/domains/quotas/tables';
import { parseInput } from '@/lib/kernel/input';
import type { Db, Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type NewCounter = {
  customerId: string;
  dailyLimit: number;
  /** Runs a month; null is without limit. */
  monthlyLimit: number | null;
  concurrentLimit: number;
  apiCallsMonthLimit: number | null;
};

/** Makes the counter of a new customer at zero; one that exists is left alone. Source: docs/architecture.md, Quota. */
export async function createCounter(tx: Tx, counter: NewCounter): Promise<void> {
  const today = sql`(clock_timestamp() AT TIME ZONE 'UTC')::date`;
  await tx
    .insert(quotaCounters)
    .values({ ...counter, day: today, month: sql`date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date` })
    .onConflictDoNothing();
}

/**
 * Applies limits, or whether runs may start at all, from the commit of `tx`: a run granted afterwards is within
 * them. Locks the counter until then. Throws AppError invalid_input, not_found. Source: docs/architecture.md, Quota.
 */
export async function applyLimits(tx: Tx | Db, customerId: string, limits: LimitChanges): Promise<void> {
  const changes = JSON.stringify(parseInput(limitsInput, limits));
  const answer = await tx.execute<{ found: boolean }>(
    sql`SELECT apply_limits(${customerId}, ${changes}::jsonb) AS found`,
  );
  if (!answer.rows[0]?.found) throw new AppError('not_found', 'There is no such customer.');
}

/** Locks the customer's counter until `tx` ends, as starts do, and answers why no run may start whatever its limits say. */
export async function lockForStarts(
  tx: Tx,
  customerId: string,
): Promise<{ refusal: 'subscription_inactive' | 'customer_suspended' | null; quota: QuotaSnapshot }> {
  const { rows } = await tx.execute<{
    refusal: 'subscription_inactive' | 'customer_suspended' | null;
    quota: QuotaSnapshot;
  }>(
    sql`SELECT c.refusal_reason AS refusal, quota_snapshot(c) AS quota FROM quota_counters c
        WHERE c.customer_id = ${customerId} FOR UPDATE`,
  );
  const [counter] = rows;
  if (!counter) throw new AppError('not_found', 'There is no such customer.');
  return counter;
}

/** The stored counter without rolling its day, as who needs no counts reads it. Null when there is none. */
export async function storedCounter(store: Tx | Db, customerId: string) {
  const [counter] = await store.select().from(quotaCounters).where(eq(quotaCounters.customerId, customerId));
  return counter ?? null;
}
