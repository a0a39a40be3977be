/** What people do with runs: give them up, and have them run again. Source: docs/architecture.md, Runs that wait. */
import { lockForStarts } from '@/lib/domains/quotas/counters';
import { refusalError } from '@/lib/domains/quotas/rules';
import { cancelRunsInput, runAgainInput } from '@/lib/domains/runs/input';
import { type AgainOutcome, runAgainIn } from '@/lib/domains/runs/start/again';
import { type CancelOutcome, cancelIn } from '@/lib/domains/runs/start/cancel';
import { mirrorsOf } from '@/lib/domains/runs/start/queue-run';
import { runQueued } from '@/lib/domains/runs/start/waiters';
import type { RunStatus } from '@/lib/domains/runs/tables';
import { defineCommand } from '@/lib/kernel/command';
import { requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

const noneFound = () => new AppError('not_found', 'There is no run with one of these ids.');

/** One entry a run, in the order asked; `status` is that of the run now, null where there is none. */
export type CancelAnswer = {
  runs: { pipeline_logging_id: string; outcome: CancelOutcome; status: RunStatus | null }[];
};

/**
 * Gives up to 50 runs up, each on its own: what waits ends, what runs is told to end, what has ended stays. Throws
 * AppError not_found where none of them is the customer's.
 */
export const cancelRuns = defineCommand({
  name: 'run.cancel',
  permission: 'runs:write',
  input: cancelRunsInput,
  run: async ({ ctx: caller, tx, input }) => {
    const ctx = requireCustomer(caller);
    await lockForStarts(tx, ctx.customerId);
    const answers = await cancelIn(tx, ctx, input.pipeline_logging_ids);
    if (answers.every(({ run }) => run === null)) throw noneFound();
    const result: CancelAnswer = {
      runs: answers.map(({ runId, outcome, run }) => ({
        pipeline_logging_id: runId,
        outcome,
        status: run?.status ?? null,
      })),
    };
    const changed = answers.filter(({ mirror }) => mirror.length > 0);
    const [first] = changed;
    if (!first) return { result, unchanged: true };
    return {
      result,
      target: { type: 'run', id: first.runId },
      before: Object.fromEntries(changed.map(({ runId, before }) => [runId, before?.status])),
      after: Object.fromEntries(changed.map(({ runId, outcome }) => [runId, outcome])),
      mirror: changed.flatMap(({ mirror }) => mirror),
    };
  },
});

/** One entry a run, in the order asked, with the id of the run that repeats it where there is one. */
export type AgainAnswer = {
  runs: { pipeline_logging_id: string; outcome: AgainOutcome; new_pipeline_logging_id: string | null }[];
};

/**
 * Has up to 50 ended runs run again, each as a new run that waits for a worker to claim it. The same idempotency_key again
 * makes nothing twice. Throws AppError not_found where none of them is the customer's, subscription_inactive,
 * customer_suspended.
 */
export const runAgain = defineCommand({
  name: 'run.again',
  permission: 'runs:write',
  input: runAgainInput,
  run: async ({ ctx: caller, tx, input }) => {
    const ctx = requireCustomer(caller);
    const { refusal, quota } = await lockForStarts(tx, ctx.customerId);
    if (refusal !== null) throw refusalError(refusal, quota, ctx.clock());
    const answers = await runAgainIn(tx, ctx, input.pipeline_logging_ids, input.idempotency_key);
    if (answers.every(({ source }) => source === null)) throw noneFound();
    const result: AgainAnswer = {
      runs: answers.map(({ runId, outcome, made }) => ({
        pipeline_logging_id: runId,
        outcome,
        new_pipeline_logging_id: made?.pipelineLoggingId ?? null,
      })),
    };
    const queued = answers.flatMap(({ outcome, made }) => (outcome === 'queued' && made ? [made] : []));
    const [first] = queued;
    if (!first) return { result, unchanged: true };
    return {
      result,
      target: { type: 'run', id: first.pipelineLoggingId },
      before: null,
      after: Object.fromEntries(queued.map(run => [run.pipelineLoggingId, `${run.pipelineId}, as ${run.rerunOf}`])),
      mirror: queued.flatMap(mirrorsOf),
    };
  },
  effects: async ({ ctx }) => runQueued(requireCustomer(ctx).customerId),
});
