/** Ended runs of the past, with their checks, and days of use, put where the product keeps them and brought to BigQuery. */
import type { World } from '@/dev/testing/world';
import { usageDaysMirror } from '@/lib/domains/quotas/mirror';
import { type UsageDay, usageDays } from '@/lib/domains/quotas/tables';
import { dqResultsMirror, runDetailsMirror, runsMirror } from '@/lib/domains/runs/mirror';
import { errorFingerprint, errorPattern } from '@/lib/domains/runs/rules';
import { type DqResult, dqResults, type Run, runs } from '@/lib/domains/runs/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { enqueue } from '@/lib/kernel/outbox';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

export type PastRun = {
  pipelineId: string;
  status: 'COMPLETED' | 'FAILED' | 'CANCELLED';
  startTime: Date;
  durationMs: number;
  errorMessage?: string;
  /** The key that asked for it. */
  apiKeyId?: string;
};

/** Stores runs that ended in the past; the order is that of the argument. */
export async function insertPastRuns(world: Pick<World, 'customerId'>, past: readonly PastRun[]): Promise<Run[]> {
  const kindOf = (message: string | null) => {
    const pattern = errorPattern(message);
    return { errorPattern: pattern, errorFingerprint: errorFingerprint(pattern) };
  };
  const rows = past.map(({ startTime, durationMs, errorMessage = null, ...run }) => ({
    ...run,
    ...(run.status === 'FAILED' ? kindOf(errorMessage) : {}),
    createdAt: startTime,
    quotaCharge: 1,
    startTime,
    durationMs,
    errorMessage,
    pipelineLoggingId: newUuid(),
    customerId: world.customerId,
    triggerType: 'api' as const,
    triggerBy: 'test',
    startedBy: 'test',
    runDay: utcDay(startTime),
    endTime: new Date(startTime.getTime() + durationMs),
    leaseSeconds: 900,
    leaseExpiresAt: startTime,
  }));
  return db().transaction(async tx => {
    const stored = await tx.insert(runs).values(rows).returning();
    await enqueue(tx, [...stored.map(runsMirror.ref), ...stored.map(runDetailsMirror.ref)]);
    return stored;
  });
}

export type PastCheck = Pick<DqResult, 'targetTable' | 'executedAt' | 'overallStatus'> &
  Partial<Pick<DqResult, 'dqConfigId' | 'expectationsPassed' | 'expectationsFailed' | 'failedExpectations'>>;

/** Stores data-quality results of a run. */
export async function insertPastChecks(
  world: World,
  pipelineLoggingId: string,
  past: readonly PastCheck[],
): Promise<DqResult[]> {
  const rows = past.map(check => ({
    dqConfigId: 'suite',
    expectationsPassed: 12,
    expectationsFailed: check.overallStatus === 'PASS' ? 0 : 1,
    ...check,
    dqResultId: newUuid(),
    customerId: world.customerId,
    pipelineLoggingId,
    ingestionDate: utcDay(check.executedAt),
  }));
  return db().transaction(async tx => {
    const stored = await tx.insert(dqResults).values(rows).returning();
    await enqueue(tx, stored.map(dqResultsMirror.ref));
    return stored;
  });
}

/** Stores runs that wait for a worker, the first one longest; `change` overrides columns. */
export async function insertPendingRuns(
  world: World,
  count: number,
  change: Partial<typeof runs.$inferInsert> = {},
): Promise<Run[]> {
  const firstMs = Date.now() - count;
  const rows = Array.from({ length: count }, (_, index) => {
    const at = new Date(firstMs + index);
    return {
      pipelineLoggingId: newUuid(),
      customerId: world.customerId,
      pipelineId: 'daily_costs',
      status: 'PENDING' as const,
      triggerType: 'retry' as const,
      triggerBy: world.members.OWNER.email,
      startedBy: world.members.OWNER.email,
      origin: 'portal' as const,
      createdAt: at,
      startTime: at,
      leaseSeconds: 900,
      pendingExpiresAt: new Date(at.getTime() + 3_600_000),
      ...change,
    };
  });
  return db().transaction(async tx => {
    const stored = await tx.insert(runs).values(rows).returning();
    await enqueue(tx, [...stored.map(runsMirror.ref), ...stored.map(runDetailsMirror.ref)]);
    return stored;
  });
}

/** Brings everything that waits of these customers' runs to BigQuery. */
export async function mirrorRuns(...worlds: readonly World[]): Promise<void> {
  await flushOnce(relayDeps(), {
    mirrors: ['tenant.pipeline_runs', 'tenant.run_details', 'tenant.step_logs', 'tenant.dq_results'],
    customers: worlds.map(world => world.customerId),
    lockWaitMs: 60_000,
  });
}

type PastDay = Pick<UsageDay, 'usageDate'> & Partial<Pick<UsageDay, 'runs' | 'succeeded' | 'failed' | 'refused'>>;

/** Stores one row for each day, with limits of 25 runs a day and 5 at once. */
export async function insertPastDays(customerId: string, past: readonly PastDay[]): Promise<void> {
  const rows = past.map(day => ({
    ...day,
    usageId: `${customerId}_${day.usageDate.replaceAll('-', '')}`,
    customerId,
    dailyLimit: 25,
    concurrentLimit: 5,
  }));
  await db().transaction(async tx => {
    const stored = await tx.insert(usageDays).values(rows).returning();
    await enqueue(tx, stored.map(usageDaysMirror.ref));
  });
}
