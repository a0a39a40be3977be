/** A worker asks for a run that waits: it takes quota as a start does, or goes on waiting. Source: docs/architecture.md, Runs that wait. */
import type { z } from 'zod';
import { asAppError } from '@/lib/domains/quotas/lock-timeout';
import { type QuotaSnapshot, type Refusal, refusalError } from '@/lib/domains/quotas/rules';
import { claimRunInput } from '@/lib/domains/runs/input';
import { runFromJson } from '@/lib/domains/runs/start/run-row';
import { waiters } from '@/lib/domains/runs/start/waiters';
import type { Run } from '@/lib/domains/runs/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { pool } from '@/lib/platform/db';
import { metrics } from '@/lib/platform/metrics';

type Claim = z.output<typeof claimRunInput>;
type ClaimRow = { outcome: 'none' | 'granted' | Refusal; run: Record<string, unknown>; quota: QuotaSnapshot };
export type ClaimedRun = { run: Run; quota: QuotaSnapshot };

const statement = 'SELECT a.outcome, to_jsonb(a.run) AS run, a.quota FROM claim_run($1, $2::text[], $3, $4::int) AS a';

/** The claimed run, or null where none waits. Throws AppError as a start does, the run then says why it waits. */
async function claimNow(ctx: CustomerCtx, claim: Claim): Promise<ClaimedRun | null> {
  const { rows } = await pool()
    .query<ClaimRow>({
      name: 'claim-run',
      text: statement,
      values: [ctx.customerId, claim.pipeline_ids ?? null, claim.worker_instance ?? null, claim.lease_seconds ?? null],
    })
    .catch(asAppError);
  const [answer] = rows;
  if (!answer || answer.outcome === 'none') return null;
  metrics().quotaDecisions.inc({ decision: answer.outcome });
  if (answer.outcome !== 'granted') throw refusalError(answer.outcome, answer.quota, ctx.clock());
  return { run: runFromJson(answer.run), quota: answer.quota };
}

/**
 * Starts the oldest waiting run of the caller, or null where none came within `wait_seconds` or the caller went away
 * (`signal`). Throws AppError invalid_input, forbidden, quota_exceeded, concurrency_exceeded, subscription_inactive,
 * customer_suspended, rate_limited where too many wait.
 */
export const claimRun = defineOperation({
  name: 'run.claim',
  permission: 'runs:write',
  input: claimRunInput,
  run: claim,
});

async function claim(
  ctx: CustomerCtx,
  input: Claim,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<ClaimedRun | null> {
  const caller = { customerId: ctx.customerId, pipelineIds: input.pipeline_ids ?? null };
  for (const deadlineMs = performance.now() + input.wait_seconds * 1000; ; ) {
    if (signal?.aborted) return null;
    const claimed = await claimNow(ctx, input);
    if (claimed) return claimed;
    if ((await waiters().wait(caller, deadlineMs - performance.now(), signal)) === 'over') return null;
  }
}
