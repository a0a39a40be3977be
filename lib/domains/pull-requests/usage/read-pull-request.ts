/** One pull request as GitHub last showed it, with its commits; those that a force-push took away stay and say so. */
import { and, asc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { PullRequestState } from '@/lib/domains/pull-requests/rules';
import {
  commits,
  pullRequestCommits as held,
  developerIdentities as identities,
  type PullRequest,
  pullRequests as pulls,
} from '@/lib/domains/pull-requests/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** GitHub lists at most 250 commits of a pull request; those of earlier pushes come to them. */
const maxCommits = 1_000;

export type PullCommit = {
  sha: string;
  title: string;
  /** Login, else the name in the commit. */
  author: string | null;
  timestamp: Date;
  co_authors: string[];
  /** When a synchronisation found that the pull request holds it no longer. */
  dropped_at: Date | null;
};

export type PullView = {
  id: number;
  number: number;
  title: string;
  author: string | null;
  /** Developers that a person said are the author; one that is named as the author counts too. */
  author_developers: string[];
  state: PullRequestState;
  is_draft: boolean;
  repo_slug: string;
  repository_id: string;
  branch: string | null;
  base_branch: string | null;
  merge_commit_sha: string | null;
  created_at: Date;
  updated_at: Date;
  closed_at: Date | null;
  merged_at: Date | null;
  reopened: boolean;
  co_authors: string[];
  /** False until its commits and timeline were read. */
  has_details: boolean;
  /** In the order of the pull request; dropped ones after them. */
  commits: PullCommit[];
};

const view = (pull: PullRequest, developers: string[], found: PullCommit[]): PullView => ({
  id: pull.id,
  number: pull.number,
  title: pull.title,
  author: pull.author,
  author_developers: developers,
  state: pull.state,
  is_draft: pull.isDraft,
  repo_slug: pull.repoSlug,
  repository_id: pull.repositoryId,
  branch: pull.branch,
  base_branch: pull.baseBranch,
  merge_commit_sha: pull.mergeCommitSha,
  created_at: pull.createdAt,
  updated_at: pull.updatedAt,
  closed_at: pull.closedAt,
  merged_at: pull.mergedAt,
  reopened: pull.reopened,
  co_authors: pull.coAuthors,
  has_details: pull.detailsOf !== null,
  commits: found,
});

/** An id as an address names it; null where it can be none. */
const idIn = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);

/** The caller's stored pull request. AppError not_found. */
export async function requirePull(customerId: string, id: string): Promise<PullRequest> {
  const number = idIn(id);
  const [pull] =
    number === null
      ? []
      : await db()
          .select()
          .from(pulls)
          .where(and(eq(pulls.customerId, customerId), eq(pulls.id, number)));
  if (!pull) throw new AppError('not_found', 'There is no such pull request.');
  return pull;
}

async function developersOf({ customerId, author }: PullRequest): Promise<string[]> {
  if (author === null) return [];
  const found = await db()
    .select({ developer: identities.developerId })
    .from(identities)
    .where(
      and(
        eq(identities.customerId, customerId),
        eq(identities.state, 'CONFIRMED'),
        eq(sql`lower(${identities.login})`, author.toLowerCase()),
      ),
    )
    .orderBy(asc(identities.developerId));
  return found.map(({ developer }) => developer);
}

/** One pull request of the caller. AppError forbidden, not_found. */
export const readPullRequest = defineOperation({
  name: 'pull_request.read',
  permission: 'pull-requests:read',
  input: z.strictObject({}),
  run: async ({ customerId }: CustomerCtx, _input, id: string): Promise<PullView> => {
    const pull = await requirePull(customerId, id);
    const found = await db()
      .select({
        sha: commits.sha,
        title: commits.title,
        author: commits.author,
        timestamp: commits.timestamp,
        co_authors: commits.coAuthors,
        dropped_at: held.droppedAt,
      })
      .from(held)
      .innerJoin(commits, and(eq(commits.customerId, held.customerId), eq(commits.sha, held.sha)))
      .where(and(eq(held.customerId, customerId), eq(held.pullRequestId, pull.id)))
      .orderBy(asc(held.position), asc(held.sha))
      .limit(maxCommits);
    const present = found.filter(({ dropped_at }) => dropped_at === null);
    const dropped = found.filter(({ dropped_at }) => dropped_at !== null);
    return view(pull, await developersOf(pull), [...present, ...dropped]);
  },
});
