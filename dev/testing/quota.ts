/** What tests of quotas ask: the stored day row and notifications, and statements at an instant of their choice. */
import { and, desc, eq } from 'drizzle-orm';
import type { PoolClient } from 'pg';
import { quotaEvents, type UsageDay, usageDays } from '@/lib/domains/quotas/tables';
import { utcDay } from '@/lib/platform/clock';
import { db, pool } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

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

type Fields = Record<string, unknown>;
const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

/** A valid completed step of a report; `change` overrides fields. */
export const stepReport = (change: Fields) => ({
  step_logging_id: newUuid(),
  step_name: 'load_costs',
  step_type: 'bigquery_to_bigquery',
  step_index: 0,
  status: 'COMPLETED',
  start_time: minutesAgo(3),
  end_time: minutesAgo(1) as string | undefined,
  rows_processed: 182_004,
  metadata: { destination_table: 'd.t', bytes_processed: 12_345_678, query_cost_usd: 0.05 },
  ...change,
});

/** A valid passed data-quality result of a report. */
export const checkReport = (change: Fields) => ({
  dq_result_id: newUuid(),
  target_table: 'project.dataset.table',
  dq_config_id: 'nulls',
  executed_at: minutesAgo(0),
  expectations_passed: 12,
  expectations_failed: 0,
  overall_status: 'PASS',
  ...change,
});
