/** Pull requests, commits and ETags → the tenant's dataset. Source: docs/spec/001-ai-traces.md. */
import { sql } from 'drizzle-orm';
import {
  type Commit,
  commits,
  type EtagState,
  etagState,
  type PullRequest,
  pullRequests,
  repositories,
} from '@/lib/domains/pull-requests/tables';
import { defineMirror } from '@/lib/warehouse/mirror/define-mirror';
import { mirrorSource } from '@/lib/warehouse/mirror/mirror-source';
import {
  type CommitsRow,
  type EtagStateRow,
  type PullRequestDetailsRow,
  type PullRequestsRow,
  tables,
} from '@/lib/warehouse/rows/metadata';

const pullRequestSource = mirrorSource(pullRequests, { key: pullRequests.id, customer: pullRequests.customerId });

export const pullRequestsMirror = defineMirror<PullRequest, PullRequestsRow>({
  name: 'tenant.pull_requests',
  shape: tables.pull_requests,
  mode: 'upsert',
  ...pullRequestSource,
  keyOf: pull => String(pull.id),
  customerOf: pull => pull.customerId,
  toRow: pull => ({
    id: pull.id,
    number: pull.number,
    title: pull.title,
    author: pull.author,
    state: pull.state,
    created_at: pull.createdAt,
    merged_at: pull.mergedAt,
    updated_at: pull.updatedAt,
    reopened: pull.reopened ? 1 : 0,
    repo_slug: pull.repoSlug,
  }),
});

type NamedPull = PullRequest & { repoNames: string[] };

export const pullRequestDetailsMirror = defineMirror<NamedPull, PullRequestDetailsRow>({
  name: 'tenant.pull_request_details',
  shape: tables.pull_request_details,
  mode: 'upsert',
  listKeys: pullRequestSource.listKeys,
  load: async (store, keys, customerId) => {
    const pulls = await pullRequestSource.load(store, keys, customerId);
    const ids = [...new Set(pulls.map(pull => pull.repositoryId))];
    const named = await store
      .select({ repositoryId: repositories.repositoryId, names: repositories.names })
      .from(repositories)
      .where(sql`${repositories.repositoryId} = ANY(${sql.param(ids)}::text[])`);
    const namesOf = new Map(named.map(({ repositoryId, names }) => [repositoryId, names]));
    return pulls.map(pull => ({ ...pull, repoNames: namesOf.get(pull.repositoryId) ?? [pull.repoSlug.toLowerCase()] }));
  },
  keyOf: pull => String(pull.id),
  customerOf: pull => pull.customerId,
  toRow: pull => ({
    id: pull.id,
    created_at: pull.createdAt,
    repository_id: pull.repositoryId,
    repo_names: pull.repoNames,
    closed_at: pull.closedAt,
    is_draft: pull.isDraft,
    branch: pull.branch,
    base_branch: pull.baseBranch,
    merge_commit_sha: pull.mergeCommitSha,
    commit_count: pull.commitCount,
    co_authors: pull.coAuthors,
  }),
});

export const commitsMirror = defineMirror<Commit, CommitsRow>({
  name: 'tenant.commits',
  shape: tables.commits,
  mode: 'upsert',
  ...mirrorSource(commits, { key: commits.sha, customer: commits.customerId }),
  keyOf: commit => commit.sha,
  customerOf: commit => commit.customerId,
  toRow: commit => ({ sha: commit.sha, author: commit.author, timestamp: commit.timestamp }),
});

export const etagStateMirror = defineMirror<EtagState, EtagStateRow>({
  name: 'tenant.etag_state',
  shape: tables.etag_state,
  mode: 'upsert',
  ...mirrorSource(etagState, { key: etagState.endpoint, customer: etagState.customerId }),
  keyOf: state => state.endpoint,
  customerOf: state => state.customerId,
  toRow: state => ({
    endpoint: state.endpoint,
    etag: state.etag,
    last_modified: state.lastModified,
    last_synced: state.lastSynced,
  }),
});
