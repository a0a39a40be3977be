/** The life of a run after its start: heartbeats extend the lease, complete ends it once. Source: docs/architecture.md, Quota. */
import { eq, ne, sql } from 'drizzle-orm';
import type { Pool, PoolClient } from 'pg';
import type { z } from 'zod';
import { asAppError } from '@/lib/domains/quotas/lock-timeout';
import type { QuotaSnapshot } from '@/lib/domains/quotas/rules';
import { completeRunInput, type endStatuses, heartbeatInput } from '@/lib/domains/runs/input';
import { errorFingerprint, errorPattern } from '@/lib/domains/runs/rules';
import { runObserved } from '@/lib/domains/runs/start/run-observed';
import { runFromJson } from '@/lib/domains/runs/start/run-row';
import { type Run, runs } from '@/lib/domains/runs/tables';
import { createBatcher } from '@/lib/kernel/batcher';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { db, pool } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { processWide } from '@/lib/platform/process-wide';

const noSuchRun = () => new AppError('not_found', 'There is no run with this id.');
const leaseExpired = (run: Run) =>
  new AppError('lease_expired', `The lease of this run expired, so it was ended as ${run.status}.`, {
    details: { run_status: run.status, lease_expires_at: run.leaseExpiresAt?.toISOString() },
  });
const notStarted = () =>
  new AppError('run_not_started', 'This run waits for a worker: claim it before you report of it.', {
    details: { run_status: 'PENDING' },
  });
const runFinished = (run: Run) =>
  new AppError('run_finished', `This run has ended already, as ${run.status}.`, {
    details: { run_status: run.status },
  });

/**
 * Extends the lease of a running run from now. Throws AppError not_found, lease_expired (the reaper was first),
 * run_finished, run_not_started, run_observed. Not mirrored. The run says whether its cancellation was asked for.
 */
export const heartbeat = defineOperation({
  name: 'run.heartbeat',
  permission: 'runs:write',
  input: heartbeatInput,
  run: extendLease,
});

async function extendLease(
  ctx: CustomerCtx,
  { lease_seconds: leaseSeconds }: z.output<typeof heartbeatInput>,
  runId: string,
): Promise<Run> {
  const seconds = leaseSeconds === undefined ? runs.leaseSeconds : sql`${leaseSeconds}::int`;
  const own = sql`${runs.pipelineLoggingId} = ${runId} AND ${runs.customerId} = ${ctx.customerId}`;
  const [extended] = await db()
    .update(runs)
    .set({
      leaseSeconds: sql`${seconds}`,
      leaseExpiresAt: sql`date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => ${seconds})`,
    })
    .where(sql`${own} AND ${eq(runs.status, 'RUNNING')} AND ${ne(runs.origin, 'observed')}`)
    .returning();
  if (extended) return extended;
  const [run] = await db().select().from(runs).where(own);
  if (!run) throw noSuchRun();
  if (run.status === 'PENDING') throw notStarted();
  if (run.origin === 'observed') throw runObserved(run);
  throw run.leaseExpired ? leaseExpired(run) : runFinished(run);
}

export type Completion = {
  customer_id: string;
  run_id: string;
  status: (typeof endStatuses)[number];
  error_message: string | null;
};
export type CompletionAnswer = {
  outcome: 'completed' | 'repeated' | 'not_started' | 'lease_expired' | 'run_finished' | 'observed' | 'not_found';
  run: Run | null;
  quota: QuotaSnapshot;
};
type AnswerRow = {
  request: number;
  outcome: CompletionAnswer['outcome'];
  run: Record<string, unknown> | null;
  quota: QuotaSnapshot;
};

const statement = 'SELECT a.request, a.outcome, to_jsonb(a.run) AS run, a.quota FROM complete_runs($1::jsonb, $2) AS a';

/** What a completion asks of complete_runs: with the kind of its error, where it has one. */
export function completionRow(completion: Completion, request: number) {
  const pattern = completion.status === 'FAILED' ? errorPattern(completion.error_message) : null;
  return {
    request,
    ...completion,
    error_pattern: pattern,
    error_fingerprint: pattern && errorFingerprint(pattern),
  };
}

/** Ends a batch of runs in one statement, answers in its order. `instant` is for tests. */
export async function completeBatch(
  store: Pool | PoolClient,
  completions: Completion[],
  instant: Date | null = null,
): Promise<CompletionAnswer[]> {
  const requests = JSON.stringify(completions.map(completionRow));
  const { rows } = await store.query<AnswerRow>({
    name: 'complete-runs',
    text: statement,
    values: [requests, instant],
  });
  const answers: CompletionAnswer[] = [];
  for (const { request, outcome, run, quota } of rows) {
    answers[request] = { outcome, run: outcome === 'not_found' || !run ? null : runFromJson(run), quota };
  }
  return answers;
}

const complete = (completion: Completion): Promise<CompletionAnswer> =>
  processWide('complete-batcher', () =>
    createBatcher<Completion, CompletionAnswer>({
      maxSize: 200,
      maxInFlight: 2,
      run: batch => completeBatch(pool(), batch),
    }),
  )(completion);

/**
 * Ends a run once, frees its slot and counts it on its start day. The same status again answers the same; throws AppError
 * not_found, run_not_started, run_observed, run_finished (another status), lease_expired (ended by the reaper; it stays FAILED). Source: docs/spec/requirements.md, C-31.
 */
export const completeRun = defineOperation({
  name: 'run.complete',
  permission: 'runs:write',
  input: completeRunInput,
  run: endRun,
});

async function endRun(
  ctx: CustomerCtx,
  input: z.output<typeof completeRunInput>,
  runId: string,
): Promise<{ run: Run; quota: QuotaSnapshot }> {
  const { outcome, run, quota } = await complete({
    customer_id: ctx.customerId,
    run_id: runId,
    status: input.status,
    error_message: input.error_message ?? null,
  }).catch(asAppError);
  if (!run) throw noSuchRun();
  if (outcome === 'lease_expired') throw leaseExpired(run);
  if (outcome === 'observed') throw runObserved(run);
  if (outcome === 'not_started') throw notStarted();
  if (outcome === 'run_finished') throw runFinished(run);
  return { run, quota };
}
