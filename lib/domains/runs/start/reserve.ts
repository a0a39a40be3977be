/**
 * Starts runs: takes quota and writes the run in one statement, many callers to a commit.
 * Source: docs/architecture.md, Quota.
 */
import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { z } from 'zod';
import { asAppError } from '@/lib/domains/quotas/lock-timeout';
import { isLimitReached, type QuotaSnapshot, type Refusal, refusalError } from '@/lib/domains/quotas/rules';
import { countRefused } from '@/lib/domains/quotas/usage-counts';
import { idempotencyKeyInput, startRunInput } from '@/lib/domains/runs/input';
import type { Run } from '@/lib/domains/runs/tables';
import { createBatcher } from '@/lib/kernel/batcher';
import { type Actor, actorLabel, type CustomerCtx } from '@/lib/kernel/ctx';
import { parseInput } from '@/lib/kernel/input';
import { defineOperation } from '@/lib/kernel/operation';
import { pool } from '@/lib/platform/db';
import { metrics } from '@/lib/platform/metrics';
import { processWide } from '@/lib/platform/process-wide';

export type Reservation = z.output<typeof startRunInput> & {
  customer_id: string;
  started_by: string;
  api_key_id: string | null;
  idempotency_key: string | null;
  body_hash: string | null;
};

export type Decision =
  | { outcome: 'granted' | 'replayed'; runId: string; startTime: Date; leaseExpiresAt: Date; quota: QuotaSnapshot }
  | { outcome: Refusal; quota: QuotaSnapshot };

type DecisionRow = {
  request: number;
  outcome: 'granted' | 'replayed' | Refusal;
  run_id: string | null;
  started_at: Date | null;
  lease_until: Date | null;
  quota: QuotaSnapshot;
};

const statement = 'SELECT request, outcome, run_id, started_at, lease_until, quota FROM reserve_runs($1::jsonb, $2)';

/** Decides a batch in one statement, answers in its order. `instant` is for tests: the database refuses it elsewhere. */
export async function reserveBatch(
  store: Pool | PoolClient,
  reservations: Reservation[],
  instant: Date | null = null,
): Promise<Decision[]> {
  const requests = JSON.stringify(reservations.map((reservation, request) => ({ request, ...reservation })));
  const answer = await store.query<DecisionRow>({ name: 'reserve-runs', text: statement, values: [requests, instant] });
  const decisions: Decision[] = [];
  for (const row of answer.rows) {
    const granted = row.run_id !== null && row.started_at !== null && row.lease_until !== null;
    decisions[row.request] = granted
      ? {
          outcome: row.outcome as 'granted' | 'replayed',
          runId: row.run_id as string,
          startTime: row.started_at as Date,
          leaseExpiresAt: row.lease_until as Date,
          quota: row.quota,
        }
      : { outcome: row.outcome as Refusal, quota: row.quota };
  }
  return decisions;
}

/** Of parameters that join a batch; 200 of the largest would make one statement of 50 MB. */
const maxBatchedBytes = 32_768;

async function reserve(reservation: Reservation): Promise<Decision> {
  const { parameters } = reservation;
  const isLarge = parameters !== undefined && JSON.stringify(parameters).length > maxBatchedBytes;
  if (!isLarge) return reserveTogether(reservation);
  const [decision] = await reserveBatch(pool(), [reservation]);
  if (!decision) throw new Error('a start was not answered');
  return decision;
}

const reserveTogether = (reservation: Reservation): Promise<Decision> =>
  processWide('reserve-batcher', () =>
    createBatcher<Reservation, Decision>({ maxSize: 200, maxInFlight: 2, run: batch => reserveBatch(pool(), batch) }),
  )(reservation);

/** The key by which the caller acts, a customer's or a service key. */
const keyOf = (actor: Actor): string | null => (actor.type === 'api_key' || actor.type === 'service' ? actor.id : null);

export type StartedRun = {
  run: Run;
  quota: QuotaSnapshot;
  /** True when an Idempotency-Key brought back the first answer. */
  replayed: boolean;
};

/** SHA-256 of the parsed body; the order of a body's fields is the schema's, inside `parameters` the caller's. */
const hashOf = (input: z.output<typeof startRunInput>): string =>
  createHash('sha256').update(JSON.stringify(input)).digest('base64url');

/**
 * Takes one run of the caller's quota and starts it. Throws AppError invalid_input, forbidden, quota_exceeded (with
 * seconds to the next UTC day or month), concurrency_exceeded, subscription_inactive, customer_suspended,
 * idempotency_mismatch. The run row is its own audit row. Source: docs/architecture.md, POST /v1/runs; docs/spec/requirements.md, C-29, C-30, C-32, C-33.
 */
export const startRun = defineOperation({
  name: 'run.start',
  permission: 'runs:write',
  input: startRunInput,
  run: start,
});

async function start(
  ctx: CustomerCtx,
  input: z.output<typeof startRunInput>,
  options: { idempotencyKey?: string | undefined } = {},
): Promise<StartedRun> {
  const key = options.idempotencyKey;
  const reservation: Reservation = {
    ...input,
    customer_id: ctx.customerId,
    started_by: actorLabel(ctx.actor),
    api_key_id: keyOf(ctx.actor),
    idempotency_key: key === undefined ? null : parseInput(idempotencyKeyInput, key),
    body_hash: key === undefined ? null : hashOf(input),
  };
  const decision = await reserve(reservation).catch(asAppError);
  metrics().quotaDecisions.inc({ decision: decision.outcome });
  if ('runId' in decision) {
    return {
      run: runOf(reservation, decision),
      quota: decision.quota,
      replayed: decision.outcome === 'replayed',
    };
  }
  const now = ctx.clock();
  if (isLimitReached(decision.outcome)) countRefused(ctx.customerId, now);
  throw refusalError(decision.outcome, decision.quota, now);
}

function runOf(reservation: Reservation, granted: Extract<Decision, { runId: string }>): Run {
  return {
    pipelineLoggingId: granted.runId,
    customerId: reservation.customer_id,
    pipelineId: reservation.pipeline_id,
    status: 'RUNNING',
    triggerType: reservation.trigger_type,
    triggerBy: reservation.trigger_by,
    startedBy: reservation.started_by,
    apiKeyId: reservation.api_key_id,
    origin: 'api',
    rerunOf: null,
    configId: reservation.config_id ?? null,
    scheduledFor: null,
    createdAt: granted.startTime,
    runDay: granted.quota.day,
    quotaCharge: 1,
    startTime: granted.startTime,
    endTime: null,
    durationMs: null,
    configVersion: reservation.config_version ?? null,
    workerInstance: reservation.worker_instance ?? null,
    errorMessage: null,
    parameters: reservation.parameters ?? null,
    leaseSeconds: reservation.lease_seconds,
    leaseExpiresAt: granted.leaseExpiresAt,
    leaseExpired: false,
    cancelRequestedBy: null,
    cancelRequestedAt: null,
    pendingReason: null,
    pendingExpiresAt: null,
    stepCount: 0,
    checkCount: 0,
    checksFailed: 0,
    rowsProcessed: null,
    errorPattern: null,
    errorFingerprint: null,
    orchestrator: null,
    jobNamespace: null,
    jobName: null,
    orchestratorRunId: null,
    reportedStartTime: null,
    lateEvents: 0,
  };
}
