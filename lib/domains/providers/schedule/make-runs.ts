/** Makes the runs that schedules ask for; the worker process calls it each second. Source: docs/architecture.md, Provider configs. */
import { and, asc, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import { type Miss, noteMisses } from '@/lib/domains/notifications/misses';
import { isHeldBack, latestTick, nextRunOf, nextTimes } from '@/lib/domains/providers/schedule/next-run';
import { type ProviderConfig, providerConfigs } from '@/lib/domains/providers/tables';
import { quotaCounters } from '@/lib/domains/quotas/tables';
import { derivedRunId, mirrorsOf, queueRuns, roomToWait, type WaitingRun } from '@/lib/domains/runs/start/queue-run';
import { runQueued } from '@/lib/domains/runs/start/waiters';
import { enqueue } from '@/lib/kernel/outbox';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';

/** Configs of one transaction. Completions of their runs wait for it, so it is short. */
const batchSize = 50;

type Scope = {
  clock?: Clock;
  /** Ends the work between two batches. */
  signal?: AbortSignal;
  /** Only of these, for tests. */
  customers?: string[];
};
type Refused = 'subscription_inactive' | 'customer_suspended' | null;
type Due = { config: ProviderConfig; refused: Refused };
/** What becomes of a due config: when it is due next, and the run that this time makes, where it makes one. */
type Plan = Due & { next: Date | null; tick: Date | null; run: WaitingRun | null };

async function dueConfigs(tx: Tx, now: Date, only: string[] | undefined): Promise<Due[]> {
  const found = await tx
    .select({ config: providerConfigs, refused: quotaCounters.refusalReason })
    .from(providerConfigs)
    .leftJoin(quotaCounters, eq(quotaCounters.customerId, providerConfigs.customerId))
    .where(
      and(
        isNotNull(providerConfigs.nextRunAt),
        lte(providerConfigs.nextRunAt, now),
        only ? inArray(providerConfigs.customerId, only) : undefined,
      ),
    )
    .orderBy(asc(providerConfigs.nextRunAt))
    .limit(batchSize)
    .for('no key update', { of: providerConfigs, skipLocked: true });
  return found.map(({ config, refused }) => ({ config, refused: refused as Refused }));
}

/** The run of one time of the schedule; it is given up when the schedule makes its next. */
function runOf(config: ProviderConfig, tick: Date, now: Date): WaitingRun {
  const [until] = nextTimes({ ...config, lastTickAt: tick }, now, 1);
  return {
    runId: derivedRunId('schedule', config.configId, tick.toISOString()),
    at: now,
    until: until ?? null,
    customerId: config.customerId,
    pipelineId: config.pipelineId,
    triggerType: 'scheduler',
    triggerBy: `schedule ${config.scheduleCron} ${config.scheduleTimezone}`,
    startedBy: 'system',
    origin: 'schedule',
    configId: config.configId,
    scheduledFor: tick,
    configVersion: `v${config.version}`,
    parameters: config.defaultParameters,
  };
}

/** Of missed times the latest makes the run; a failing config leaves out what comes too soon. */
function planOf({ config, refused }: Due, now: Date): Plan {
  const none = { config, refused, tick: null, run: null };
  try {
    const first = config.nextRunAt ?? now;
    // The time that it is due for is one of them, hence the millisecond.
    const tick = latestTick(config, new Date(first.getTime() - 1), now);
    const next = nextRunOf(config, now);
    if (tick === null || isHeldBack(config, tick)) return { ...none, next };
    return { config, refused, next, tick, run: runOf(config, tick, now) };
  } catch (error) {
    // Its expression was checked when it was stored; whatever is wrong, the others go on.
    log().error({ err: error, config_id: config.configId }, 'a schedule could not be read and is left alone');
    return { ...none, next: null };
  }
}

/** Parts what makes a run from what cannot, for the reason given. */
function sortOut(plans: Plan[], room: Map<string, number>): { wanted: WaitingRun[]; misses: Miss[] } {
  const wanted: WaitingRun[] = [];
  const misses: Miss[] = [];
  for (const { config, refused, tick, run } of plans) {
    if (!run || !tick) continue;
    const { customerId, configId } = config;
    const left = room.get(customerId) ?? 0;
    const reason = refused ?? (left > 0 ? null : ('too_many_pending' as const));
    if (reason) misses.push({ customerId, configId, scheduledFor: tick, reason });
    else {
      wanted.push(run);
      room.set(customerId, left - 1);
    }
  }
  return { wanted, misses };
}

async function moveOn(tx: Tx, plans: Plan[]): Promise<void> {
  const ids = sql.param(plans.map(({ config }) => config.configId));
  const nexts = sql.param(plans.map(({ next }) => next?.toISOString() ?? null));
  const ticks = sql.param(plans.map(({ tick }) => tick?.toISOString() ?? null));
  await tx.execute(sql`
    UPDATE provider_configs p SET next_run_at = n.next, last_tick_at = coalesce(n.tick, p.last_tick_at)
    FROM unnest(${ids}::text[], ${nexts}::timestamptz[], ${ticks}::timestamptz[]) AS n (id, next, tick)
    WHERE p.config_id = n.id`);
}

/** One batch: the runs, and when their configs are due next, in one transaction. */
async function makeBatch(
  tx: Tx,
  now: Date,
  only: string[] | undefined,
): Promise<{ found: number; queued: Set<string> }> {
  const due = await dueConfigs(tx, now, only);
  if (due.length === 0) return { found: 0, queued: new Set() };
  const plans = due.map(config => planOf(config, now));
  const room = await roomToWait(tx, [...new Set(due.map(({ config }) => config.customerId))]);
  const { wanted, misses } = sortOut(plans, room);
  const made = await queueRuns(tx, wanted);
  await moveOn(tx, plans);
  await noteMisses(tx, misses);
  await enqueue(tx, made.flatMap(mirrorsOf));
  return { found: due.length, queued: new Set(made.map(run => run.customerId)) };
}

/**
 * Makes a run that waits of every schedule that is due, once each however many workers ask; answers how many configs it
 * looked at. Two workers take different configs, and one that dies has made nothing. Where the customer may not run, or
 * has too many waiting, none is made and the miss is noted for people.
 */
export async function makeDueRuns({ clock = systemClock, signal, customers }: Scope = {}): Promise<number> {
  let total = 0;
  for (let found = batchSize; found === batchSize && !signal?.aborted; total += found) {
    const batch = await db().transaction(tx => makeBatch(tx, clock(), customers));
    for (const customerId of batch.queued) runQueued(customerId);
    found = batch.found;
  }
  return total;
}
