/** How a stretch of reading ends: what people see of the repository, when it is next read, and its run on record. */
import { and, eq, sql } from 'drizzle-orm';
import { type SyncProblem, syncProblems } from '@/lib/domains/pull-requests/rules';
import type { Usage } from '@/lib/domains/pull-requests/sync/github-client';
import { type Held, inLease } from '@/lib/domains/pull-requests/sync/lease';
import type { Tally } from '@/lib/domains/pull-requests/sync/reading';
import type { SyncFailure } from '@/lib/domains/pull-requests/sync/sync-failure';
import { type Repository, repositories } from '@/lib/domains/pull-requests/tables';
import { beginEtlRun, endEtlRun, noteEtlProgress, nothingMore } from '@/lib/domains/traces/runs/etl-runs';
import { etlRuns } from '@/lib/domains/traces/tables';
import { nextAttempt } from '@/lib/kernel/queue/backoff';
import type { Clock } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Waits while GitHub is away. */
const awayMs = [1, 2, 4, 8, 16, 32, 60].map(minutes => minutes * minuteMs);
/** What only a person can change is looked at again so often, and at once when asked. */
const refusedMs = 6 * hourMs;

/** `more`: others have their turn, or it was stopped, and it goes on from there. */
export type Ending = { kind: 'done' | 'more' } | { kind: 'failed'; failure: SyncFailure };

export type EndedReading = {
  held: Held;
  usage: Usage;
  tally: Tally;
  etlRunId: number | null;
  clock: Clock;
};

const later = (at: Date, waitMs: number) => nextAttempt([waitMs], 1, at) ?? at;
const isLimit = (problem: SyncProblem) => problem === 'rate_limited' || problem === 'secondary_limit';

function afterFailure({ problem, detail, until }: SyncFailure, { failures }: Repository, at: Date) {
  const shown = { problem, problemDetail: detail || null };
  if (isLimit(problem)) return { ...shown, state: 'PAUSED' as const, next: until ?? later(at, minuteMs) };
  const waitMs = problem === 'unavailable' ? (awayMs[Math.min(failures, awayMs.length - 1)] ?? hourMs) : refusedMs;
  return { ...shown, state: 'FAILED' as const, failures: failures + 1, next: later(at, waitMs) };
}

function afterSuccess({ refused }: Tally, at: Date) {
  const some = { problem: 'unreadable' as const, problemDetail: `${refused} rows could not be read; all others were.` };
  return {
    ...(refused > 0 ? some : { problem: null, problemDetail: null }),
    state: 'SYNCED' as const,
    failures: 0,
    lastSyncedAt: at,
    next: later(at, env().GITHUB_SYNC_MINUTES * minuteMs),
  };
}

/** The columns that an ending sets, with `next`, when it is due again. */
function columnsOf(ending: Ending, repository: Repository, tally: Tally, at: Date) {
  if (ending.kind === 'failed') return afterFailure(ending.failure, repository, at);
  return ending.kind === 'done' ? afterSuccess(tally, at) : { next: at };
}

/** Who asked for a reading meanwhile, maybe of what this one was past, is heard; but GitHub's limit goes first. */
function nextOf(ending: Ending, { dueAt }: Held, next: Date) {
  if (ending.kind === 'failed' && isLimit(ending.failure.problem)) return next;
  const { nextSyncAt } = repositories;
  return sql`CASE WHEN ${nextSyncAt} = ${dueAt} THEN ${next}::timestamptz ELSE ${nextSyncAt} END`;
}

/** The run under way of a repository, which this stretch goes on with. */
export async function runningRun(tx: Tx, { customerId, repositoryId }: Repository): Promise<number | null> {
  const mine = sql`${etlRuns.details} ->> 'repository_id' = ${repositoryId}`;
  const running = and(
    eq(etlRuns.customerId, customerId),
    eq(etlRuns.state, 'RUNNING'),
    eq(etlRuns.job, 'ingest-github'),
  );
  const [run] = await tx.select({ id: etlRuns.id }).from(etlRuns).where(and(running, mine)).limit(1);
  return run?.id ?? null;
}

async function hasRecentRun(tx: Tx, { customerId, repositoryId }: Repository, at: Date): Promise<boolean> {
  const mine = sql`${etlRuns.details} ->> 'repository_id' = ${repositoryId}`;
  const recent = sql`${etlRuns.state} = 'COMPLETED' AND ${etlRuns.startedAt} > ${new Date(at.getTime() - hourMs)}`;
  return (
    (await tx.$count(
      etlRuns,
      and(eq(etlRuns.customerId, customerId), eq(etlRuns.job, 'ingest-github'), recent, mine),
    )) > 0
  );
}

/** Ends the run; one that found nothing is on record once an hour, a failed one always. Source: docs/spec/requirements.md, T-25. */
async function endRun(
  tx: Tx,
  ended: EndedReading,
  ending: Ending,
  counts: { requests: number; notModified: number },
  at: Date,
) {
  const { customerId, repositoryId, repoSlug } = ended.held.repository;
  const details = {
    source: repoSlug,
    repository_id: repositoryId,
    requests: counts.requests,
    not_modified: counts.notModified,
  };
  if (ending.kind === 'more') {
    if (ended.etlRunId !== null) await noteEtlProgress(tx, ended.etlRunId, nothingMore, { at, details });
    return;
  }
  const isFailed = ending.kind === 'failed' && !isLimit(ending.failure.problem);
  if (ended.etlRunId === null && !isFailed && (await hasRecentRun(tx, ended.held.repository, at))) return;
  const id = ended.etlRunId ?? (await beginEtlRun(tx, { customerId, job: 'ingest-github', details, at })).id;
  if (ending.kind !== 'failed') await endEtlRun(tx, id, { state: 'COMPLETED', at, details });
  else {
    const { problem, detail, until } = ending.failure;
    const error = `${syncProblems[problem].title} ${detail}`.trim();
    const paused = { ...details, paused: problem, paused_until: until?.toISOString() ?? null };
    await endEtlRun(
      tx,
      id,
      isFailed ? { state: 'FAILED', at, details, error } : { state: 'COMPLETED', at, details: paused },
    );
  }
}

/** Writes the end and gives the repository free. Answers it as it stands. Throws LostLease. */
export async function endReading(ended: EndedReading, ending: Ending): Promise<Repository> {
  const { held, usage, tally, clock } = ended;
  return inLease(held, clock, async tx => {
    const at = clock();
    const { next, ...columns } = columnsOf(ending, held.repository, tally, at);
    const [repository] = await tx
      .update(repositories)
      .set({
        ...columns,
        lease: null,
        leasedUntil: null,
        nextSyncAt: nextOf(ending, held, next),
        syncStartedAt: ending.kind === 'more' ? held.repository.syncStartedAt : null,
        lastRequests: sql`${repositories.lastRequests} + ${usage.requests}`,
        lastNotModified: sql`${repositories.lastNotModified} + ${usage.notModified}`,
        requests: sql`${repositories.requests} + ${usage.requests}`,
        notModified: sql`${repositories.notModified} + ${usage.notModified}`,
        ...(usage.limit === null ? {} : { rateLimit: usage.limit }),
        ...(usage.remaining === null ? {} : { rateRemaining: usage.remaining }),
        ...(usage.resetAt === null ? {} : { rateResetAt: usage.resetAt }),
      })
      .where(eq(repositories.repositoryId, held.repository.repositoryId))
      .returning();
    if (!repository) throw new Error('a repository went away under its lease');
    const counts = { requests: repository.lastRequests, notModified: repository.lastNotModified };
    await endRun(tx, ended, ending, counts, at);
    return repository;
  });
}
