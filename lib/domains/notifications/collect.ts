/** Turns what the database's own functions have noted (quota flags, failed runs, missed schedules) into messages, once. */
import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { tellConfig } from '@/lib/domains/notifications/config-messages';
import { collectScheduleMisses } from '@/lib/domains/notifications/misses';
import { notify } from '@/lib/domains/notifications/notify';
import { runFailures } from '@/lib/domains/notifications/tables';
import { markQuotaEventSent } from '@/lib/domains/quotas/quota-events';
import { type QuotaEventKind, quotaEvents } from '@/lib/domains/quotas/tables';
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import { runs } from '@/lib/domains/runs/tables';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';

/** Notes of one kind taken in a transaction. */
const batchSize = 20;

const eventOfKind = {
  warning_80: 'quota_warning',
  exceeded_100: 'quota_exceeded',
} as const satisfies Record<QuotaEventKind, string>;

type Scope = {
  clock?: Clock;
  customers?: string[];
  /** Ends the work between two batches. */
  signal?: AbortSignal;
};

async function collectQuotaEvents(tx: Tx, now: Date, only: string[] | undefined): Promise<number> {
  const due = await tx
    .select({ event: quotaEvents })
    .from(quotaEvents)
    .innerJoin(customers, eq(customers.customerId, quotaEvents.customerId))
    .where(and(isNull(quotaEvents.sentAt), only ? inArray(quotaEvents.customerId, only) : undefined))
    .orderBy(asc(quotaEvents.createdAt))
    .limit(batchSize)
    .for('update', { of: quotaEvents, skipLocked: true });
  for (const { event } of due) {
    const { customerId, day, kind, runs: used, dailyLimit } = event;
    const data = { day, runs: used, daily_limit: dailyLimit };
    await notify(tx, { event: eventOfKind[kind], customerId, at: now, data });
    await markQuotaEventSent(tx, event, now);
  }
  return due.length;
}

async function collectRunFailures(tx: Tx, now: Date, only: string[] | undefined): Promise<number> {
  const due = await tx
    .select({ failure: runFailures, run: runs })
    .from(runFailures)
    .innerJoin(runs, eq(runs.pipelineLoggingId, runFailures.pipelineLoggingId))
    .innerJoin(customers, eq(customers.customerId, runFailures.customerId))
    .where(and(isNull(runFailures.toldAt), only ? inArray(runFailures.customerId, only) : undefined))
    .orderBy(asc(runFailures.hour))
    .limit(batchSize)
    .for('update', { of: runFailures, skipLocked: true });
  for (const { failure, run } of due) {
    const { customerId, pipelineId, hour, pipelineLoggingId } = failure;
    const data = {
      pipeline_id: pipelineId,
      run_id: pipelineLoggingId,
      hour: hour.toISOString(),
      started_at: run.startTime.toISOString(),
      ended_at: (run.endTime ?? hour).toISOString(),
      error_message: run.errorMessage === null ? null : maskSecrets(run.errorMessage).slice(0, 2_000),
    };
    await notify(tx, { event: 'run_failed', customerId, at: now, data });
    if (run.configId) await tellConfig(tx, run.configId, { customerId, at: now, data });
    await tx
      .update(runFailures)
      .set({ toldAt: now })
      .where(
        and(eq(runFailures.customerId, customerId), eq(runFailures.pipelineId, pipelineId), eq(runFailures.hour, hour)),
      );
  }
  return due.length;
}

/** Queues the messages of what has been noted since the last call; answers how many notes it took. */
export async function collectNoted({ clock = systemClock, customers: only, signal }: Scope = {}): Promise<number> {
  let taken = 0;
  for (const collect of [collectQuotaEvents, collectRunFailures, collectScheduleMisses]) {
    for (let found = batchSize; found === batchSize && !signal?.aborted; taken += found) {
      found = await db().transaction(tx => collect(tx, clock(), only, batchSize));
    }
  }
  return taken;
}
