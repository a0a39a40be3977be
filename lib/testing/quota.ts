/** What tests of quotas ask: the stored day row and notifications, and statements at an instant of their choice. */
import { and, desc, eq } from 'drizzle-orm';
import type { PoolClient } from 'pg';
import { quotaEvents, type UsageDay, usageDays } from '@/lib/domains/quotas/tables';
import { utcDay } from '@/lib/platform/clock';
import { db, pool } from '@/lib/platform/db';

/** A valid body of POST /v1/runs. */
export const runInput = () => ({ pipeline_id: 'daily_costs', trigger_type: 'api', trigger_by: 'test' });

/** The customer's stored row of a UTC day; today's by default. */
export async function usageRow(customerId: string, day = utcDay(new Date())): Promise<UsageDay | undefined> {
  const [row] = await db()
    .select()
    .from(usageDays)
    .where(and(eq(usageDays.customerId, customerId), eq(usageDays.usageDate, day)));
  return row;
}

/** The customer's queued notifications, newest day first, then by kind. */
export const eventsOf = (customerId: string) =>
  db()
    .select({ kind: quotaEvents.kind, runs: quotaEvents.runs, dailyLimit: quotaEvents.dailyLimit })
    .from(quotaEvents)
    .where(eq(quotaEvents.customerId, customerId))
    .orderBy(desc(quotaEvents.day), quotaEvents.kind);

/** Runs `work` on a connection whose statements may name their instant; product connections may not. */
export async function withTestClock<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool().connect();
  try {
    await client.query("SET tenantry.test_clock = 'on'");
    return await work(client);
  } finally {
    await client.query('RESET tenantry.test_clock').finally(() => client.release());
  }
}
