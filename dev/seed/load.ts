/** Puts a generated history into Postgres in large inserts; BigQuery gets it by the mirrors' rebuild afterwards. */
import { eq } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { DayPlan, History } from '@/dev/seed/history';
import { quotaCounters, usageDays } from '@/lib/domains/quotas/tables';
import { dqResults, runs, stepLogs } from '@/lib/domains/runs/tables';
import { utcMonth } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';

const rowsPerInsert = 1_000;

async function insertAll<Table extends PgTable>(tx: Tx, table: Table, rows: Table['$inferInsert'][]): Promise<void> {
  for (let index = 0; index < rows.length; index += rowsPerInsert) {
    await tx.insert(table).values(rows.slice(index, index + rowsPerInsert));
  }
}

export type Limits = { dailyLimit: number; concurrentLimit: number };
type NewDay = typeof usageDays.$inferInsert;

/** Day rows that equal the runs of the history, as reserve and complete would have left them. */
export function dayRows(customerId: string, history: History, limits: Limits, now: Date): NewDay[] {
  let runsMonth = 0;
  return history.days.map(plan => {
    if (plan.day.endsWith('-01')) runsMonth = 0;
    runsMonth += plan.runs;
    return dayRow(customerId, history, plan, limits, runsMonth, now);
  });
}

function dayRow(
  customerId: string,
  history: History,
  plan: DayPlan,
  limits: Limits,
  runsMonth: number,
  now: Date,
): NewDay {
  const ofDay = history.runs.filter(run => run.runDay === plan.day);
  const ends = ofDay.flatMap(run => (run.endTime ? [run.endTime.getTime()] : []));
  const exceeded = plan.runs >= limits.dailyLimit;
  const lastStarted = ofDay.at(-1)?.startTime ?? null;
  const lastUpdated = new Date(Math.min(now.getTime(), Math.max(Date.parse(`${plan.day}T00:00:00Z`), ...ends)));
  return {
    usageId: `${customerId}_${plan.day.replaceAll('-', '')}`,
    customerId,
    usageDate: plan.day,
    runs: plan.runs,
    failed: ofDay.filter(run => run.status === 'FAILED').length,
    succeeded: ofDay.filter(run => run.status === 'COMPLETED').length,
    refused: plan.refused,
    runsMonth,
    maxRunning: Math.min(limits.concurrentLimit, 1 + (plan.runs % limits.concurrentLimit)),
    ...limits,
    exceeded,
    warningSent: plan.runs >= limits.dailyLimit * 0.8,
    exceededAt: exceeded ? lastStarted : null,
    apiCalls: plan.runs * 9 + plan.refused,
    lastUpdated,
    lastStartedAt: lastStarted,
    lastCompletedAt: ends.length > 0 ? new Date(Math.max(...ends)) : null,
  };
}

/** Inserts the history and brings the customer's counter to what its last day says. */
export async function loadHistory(
  tx: Tx,
  customerId: string,
  history: History,
  limits: Limits,
  now: Date,
): Promise<void> {
  await insertAll(tx, runs, history.runs);
  await insertAll(tx, stepLogs, history.steps);
  await insertAll(tx, dqResults, history.checks);
  const days = dayRows(customerId, history, limits, now);
  // The subscription's limits, when they came, wrote a row of today without these runs.
  await tx.delete(usageDays).where(eq(usageDays.customerId, customerId));
  await insertAll(tx, usageDays, days);
  const today = days.at(-1);
  if (!today) return;
  const month = utcMonth(now);
  const apiCallsMonth = days.filter(day => day.usageDate >= month).reduce((sum, day) => sum + (day.apiCalls ?? 0), 0);
  await tx
    .update(quotaCounters)
    .set({
      day: today.usageDate,
      month,
      runsToday: today.runs ?? 0,
      runsMonth: today.runsMonth ?? 0,
      apiCallsToday: today.apiCalls ?? 0,
      apiCallsMonth,
      running: history.runs.filter(run => run.status === 'RUNNING').length,
      warningSent: today.warningSent ?? false,
      exceeded: today.exceeded ?? false,
      exceededAt: today.exceededAt ?? null,
    })
    .where(eq(quotaCounters.customerId, customerId));
}
