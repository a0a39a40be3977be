/** Puts runs in line for workers to claim: one asked for again, one of a provider config. Source: docs/architecture.md, Runs that wait. */
import { createHash } from 'node:crypto';
import { and, count, eq, inArray, sql } from 'drizzle-orm';
import { defaultLeaseSeconds } from '@/lib/domains/runs/input';
import { runDetailsMirror, runsMirror } from '@/lib/domains/runs/mirror';
import { maxPendingRuns } from '@/lib/domains/runs/rules';
import { cancelLocked } from '@/lib/domains/runs/start/cancel';
import { type Run, runs } from '@/lib/domains/runs/tables';
import { type Actor, actorLabel, type CustomerCtx } from '@/lib/kernel/ctx';
import type { MirrorRef } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';

/** What a run that is to wait says of itself; the rest follows from its waiting. */
export type WaitingRun = Pick<
  Run,
  'customerId' | 'pipelineId' | 'triggerType' | 'triggerBy' | 'startedBy' | 'origin'
> & {
  runId: string;
  /** When it was asked for. */
  at: Date;
  /** When it is given up at the latest; never later than RUN_PENDING_HOURS after `at`. */
  until?: Date | null;
} & Partial<
    Pick<Run, 'apiKeyId' | 'rerunOf' | 'configId' | 'scheduledFor' | 'configVersion' | 'parameters' | 'leaseSeconds'>
  >;

/** Made of what was asked, so that the same submission or time of a schedule names the same run. A UUID of version 8. */
export function derivedRunId(...parts: string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** What the columns of a run say of the caller that asks for it. */
export function askedBy(actor: Actor): Pick<WaitingRun, 'triggerBy' | 'startedBy' | 'origin'> & Pick<Run, 'apiKeyId'> {
  const isKey = actor.type === 'api_key' || actor.type === 'service';
  const label = actorLabel(actor);
  return { triggerBy: label, startedBy: label, origin: isKey ? 'api' : 'portal', apiKeyId: isKey ? actor.id : null };
}

function rowOf({ runId, at, until, ...run }: WaitingRun): typeof runs.$inferInsert {
  const lastMs = at.getTime() + env().RUN_PENDING_HOURS * 3_600_000;
  return {
    leaseSeconds: defaultLeaseSeconds,
    ...run,
    pipelineLoggingId: runId,
    status: 'PENDING',
    createdAt: at,
    startTime: at,
    pendingExpiresAt: new Date(until ? Math.min(lastMs, until.getTime()) : lastMs),
  };
}

/** How many more runs of each customer may wait; 0 where there are as many as there may be. */
export async function roomToWait(tx: Tx, customerIds: string[]): Promise<Map<string, number>> {
  const found = await tx
    .select({ customerId: runs.customerId, waiting: count() })
    .from(runs)
    .where(and(inArray(runs.customerId, customerIds), eq(runs.status, 'PENDING')))
    .groupBy(runs.customerId);
  const waiting = new Map(found.map(row => [row.customerId, row.waiting]));
  return new Map(customerIds.map(id => [id, Math.max(0, maxPendingRuns - (waiting.get(id) ?? 0))]));
}

/** Rows of BigQuery that a new or changed run makes out of date. */
export const mirrorsOf = (run: Run): MirrorRef[] => [runsMirror.ref(run), runDetailsMirror.ref(run)];

/**
 * Stores runs that wait, answers those that are new: one whose id is there already was asked for before. The caller keeps
 * to roomToWait, tells the mirrors (mirrorsOf) and, after the commit, the waiting workers (runQueued).
 */
export async function queueRuns(tx: Tx, wanted: readonly WaitingRun[]): Promise<Run[]> {
  if (wanted.length === 0) return [];
  return tx.insert(runs).values(wanted.map(rowOf)).onConflictDoNothing().returning();
}

/** As queueRuns, of one run; null where it was there already. */
export async function queueRun(tx: Tx, wanted: WaitingRun): Promise<Run | null> {
  const [run = null] = await queueRuns(tx, [wanted]);
  return run;
}

/**
 * Gives up the runs of a provider config that wait, as when it is switched off; answers the mirrors to tell. It waits for
 * no lock, so the caller may hold the config's: a run that is being claimed at this moment has started.
 */
export async function cancelWaitingRuns(tx: Tx, ctx: CustomerCtx, configId: string): Promise<MirrorRef[]> {
  const waiting = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.customerId, ctx.customerId), eq(runs.configId, configId), sql`${runs.status} = 'PENDING'`))
    .for('no key update', { skipLocked: true });
  const told: MirrorRef[] = [];
  for (const run of waiting) {
    const { mirror } = await cancelLocked(tx, run, actorLabel(ctx.actor), ctx.clock());
    told.push(...mirror);
  }
  return told;
}
