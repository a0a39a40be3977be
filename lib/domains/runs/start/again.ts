/** Runs asked for again: each becomes a new run that waits for a worker. Source: docs/architecture.md, Runs that wait. */
import { and, eq, inArray } from 'drizzle-orm';
import { runMayBecome } from '@/lib/domains/runs/rules';
import { askedBy, derivedRunId, queueRun, roomToWait, type WaitingRun } from '@/lib/domains/runs/start/queue-run';
import { type Run, runs } from '@/lib/domains/runs/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';

/**
 * What became of a run that is to be repeated. `queued`: the new one waits. `repeated`: the same submission made it before.
 * `not_ended`: it waits or runs still. `observed`: its orchestrator alone starts it. `too_many_pending`: the customer has all the waiting runs it may have. `not_found`:
 * the customer has no such run.
 */
export type AgainOutcome = 'queued' | 'repeated' | 'not_ended' | 'observed' | 'too_many_pending' | 'not_found';
export type Again = { runId: string; outcome: AgainOutcome; source: Run | null; made: Run | null };

/** The new run: the pipeline, parameters, config and configuration of the one it repeats, asked for by the caller. */
const repeated = (ctx: CustomerCtx, source: Run, runId: string): WaitingRun => ({
  ...askedBy(ctx.actor),
  runId,
  at: ctx.clock(),
  customerId: ctx.customerId,
  pipelineId: source.pipelineId,
  triggerType: 'retry',
  rerunOf: source.pipelineLoggingId,
  configId: source.configId,
  configVersion: source.configVersion,
  parameters: source.parameters,
  leaseSeconds: source.leaseSeconds,
});

/** Queues the runs again, in the order asked. The caller holds the customer's counter, so that their number holds. */
export async function runAgainIn(tx: Tx, ctx: CustomerCtx, runIds: string[], key: string): Promise<Again[]> {
  const ofCustomer = eq(runs.customerId, ctx.customerId);
  const ids = runIds.map(id => id.toLowerCase());
  const made = new Map(ids.map(id => [id, derivedRunId(ctx.customerId, key, id)]));
  const wanted = [...ids, ...made.values()];
  const found = await tx
    .select()
    .from(runs)
    .where(and(ofCustomer, inArray(runs.pipelineLoggingId, wanted)));
  const known = new Map(found.map(run => [run.pipelineLoggingId, run]));
  let free = (await roomToWait(tx, [ctx.customerId])).get(ctx.customerId) ?? 0;
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
    const queued = await queueRun(tx, repeated(ctx, source, id));
    free--;
    answers.push({ runId, outcome, source, made: queued });
  }
  return answers;
}

function outcomeOf(source: Run | null, earlier: Run | null, free: number): AgainOutcome {
  if (source === null) return 'not_found';
  if (source.origin === 'observed') return 'observed';
  if (earlier !== null) return 'repeated';
  if (runMayBecome(source.status, 'CANCELLED') && source.status !== 'CANCELLED') return 'not_ended';
  return free > 0 ? 'queued' : 'too_many_pending';
}
