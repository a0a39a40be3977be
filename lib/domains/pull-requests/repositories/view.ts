/** Connected repositories as callers see them; nothing of the webhook's secret. */
import { type SyncProblem, type SyncState, syncProblems } from '@/lib/domains/pull-requests/rules';
import type { Repository } from '@/lib/domains/pull-requests/tables';

export type RepositoryView = {
  repository_id: string;
  /** `owner/name` as GitHub spells it now. */
  repo: string;
  credential_id: string;
  is_connected: boolean;
  state: SyncState;
  /** Whether it is being read at this moment. */
  is_reading: boolean;
  /** Why it cannot be read, what to do, and what GitHub said. */
  problem: { code: SyncProblem; message: string; todo: string; detail: string | null } | null;
  next_sync_at: Date;
  sync_started_at: Date | null;
  last_synced_at: Date | null;
  /** Requests to GitHub and how many were answered 304, of the last synchronisation and of all. */
  last_requests: number;
  last_not_modified: number;
  requests: number;
  not_modified: number;
  /** Of the token, as GitHub last said it. */
  rate: { limit: number; remaining: number; reset_at: Date } | null;
  last_delivery_at: Date | null;
  created_at: Date;
  created_by: string;
};

/** What was read of a repository until now. */
export type RepositoryCounts = { pull_requests: number; commits: number };
export type CountedRepository = RepositoryView & RepositoryCounts;

const rateOf = ({ rateLimit, rateRemaining, rateResetAt }: Repository): RepositoryView['rate'] =>
  rateLimit === null || rateRemaining === null || rateResetAt === null
    ? null
    : { limit: rateLimit, remaining: rateRemaining, reset_at: rateResetAt };

/** The view of a repository at `now`. */
export const viewOf = (row: Repository, now: Date): RepositoryView => ({
  repository_id: row.repositoryId,
  repo: row.repoSlug,
  credential_id: row.credentialId,
  is_connected: row.isActive,
  state: row.state,
  is_reading: row.leasedUntil !== null && row.leasedUntil > now,
  problem: row.problem && {
    code: row.problem,
    message: syncProblems[row.problem].title,
    todo: syncProblems[row.problem].todo,
    detail: row.problemDetail,
  },
  next_sync_at: row.nextSyncAt,
  sync_started_at: row.syncStartedAt,
  last_synced_at: row.lastSyncedAt,
  last_requests: row.lastRequests,
  last_not_modified: row.lastNotModified,
  requests: row.requests,
  not_modified: row.notModified,
  rate: rateOf(row),
  last_delivery_at: row.lastDeliveryAt,
  created_at: row.createdAt,
  created_by: row.createdBy,
});
