/** Runs asked for again: each becomes a new run that waits for a worker. Source: docs/architecture.md, Runs that wait. */
import { createHash } from 'node:crypto';
import { and, count, eq, inArray } from 'drizzle-orm';
import { maxPendingRuns, runMayBecome } from '@/lib/domains/runs/rules';
import { type Run, runs } from '@/lib/domains/runs/tables';
import { actorLabel, type CustomerCtx } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';

/**
 * What became of a run that is to be repeated. `queued`: the new one waits. `repeated`: the same submission made it before.
 * `not_ended`: it waits or runs still. `too_many_pending`: the customer has all the waiting runs it may have. `not_found`:
 * the customer has no such run.
 */
export type AgainOutcome = 'queued' | 'repeated' | 'not_ended' | 'too_many_pending' | 'not_found';
export type Again = { runId: string; outcome: AgainOutcome; source: Run | null; made: Run | null };

/** Made of what was asked, so that the same submission twice names the same run. A UUID of version 8. */
function idOf(customerId: string, key: string, sourceId: string): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([customerId, key, sourceId]))
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The new run: the pipeline, parameters and configuration of the one it repeats, asked for by the caller. */
function newRun(ctx: CustomerCtx, source: Run, id: string): typeof runs.$inferInsert {
  const { actor } = ctx;
  const now = ctx.clock();
  return {
    pipelineLoggingId: id,
    customerId: ctx.customerId,
    pipelineId: source.pipelineId,
    status: 'PENDING',
    triggerType: 'retry',
    triggerBy: actorLabel(actor),
    startedBy: actorLabel(actor),
    apiKeyId: actor.type === 'api_key' || actor.type === 'service' ? actor.id : null,
    origin: actor.type === 'api_key' || actor.type === 'service' ? 'api' : 'portal',
    rerunOf: source.pipelineLoggingId,
    createdAt: now,
    startTime: now,
    configVersion: source.configVersion,
    parameters: source.parameters,
    leaseSeconds: source.leaseSeconds,
    pendingExpiresAt: new Date(now.getTime() + env().RUN_PENDING_HOURS * 3_600_000),
  };
}

/** Queues the runs again, in the order asked. The caller holds the customer's counter, so that their number holds. */
export async function runAgainIn(tx: Tx, ctx: CustomerCtx, runIds: string[], key: string): Promise<Again[]> {
  const ofCustomer = eq(runs.customerId, ctx.customerId);
  const ids = runIds.map(id => id.toLowerCase());
  const made = new Map(ids.map(id => [id, idOf(ctx.customerId, key, id)]));
  const wanted = [...ids, ...made.values()];
  const found = await tx
    .select()
    .from(runs)
    .where(and(ofCustomer, inArray(runs.pipelineLoggingId, wanted)));
  const known = new Map(found.map(run => [run.pipelineLoggingId, run]));
  const [pending] = await tx
    .select({ runs: count() })
    .from(runs)
    .where(and(ofCustomer, eq(runs.status, 'PENDING')));
  let free = maxPendingRuns - (pending?.runs ?? 0);
  const answers: Again[] = [];
  for (const runId of ids) {
    const source = known.get(runId) ?? null;
    const id = made.get(runId) ?? '';
    const earlier = known.get(id) ?? null;
    const outcome = outcomeOf(source, earlier, free);
    if (source === null || outcome !== 'queued') {
      answers.push({ runId, outcome, source, made: earlier });
      continue;
    }
    const [queued = null] = await tx
      .insert(runs)
      .values(newRun(ctx, source, id))
      .returning();
    free--;
    answers.push({ runId, outcome, source, made: queued });
  }
  return answers;
}

function outcomeOf(source: Run | null, earlier: Run | null, free: number): AgainOutcome {
  if (source === null) return 'not_found';
  if (earlier !== null) return 'repeated';
  if (runMayBecome(source.status, 'CANCELLED') && source.status !== 'CANCELLED') return 'not_ended';
  return free > 0 ? 'queued' : 'too_many_pending';
}
