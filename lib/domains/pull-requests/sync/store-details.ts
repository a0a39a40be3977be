/** Commits of a pull request, and what they and its timeline say of it → Postgres. */
import { and, eq } from 'drizzle-orm';
import type { CommitAnswer } from '@/lib/domains/pull-requests/sync/read-answers';
import { storeCommits } from '@/lib/domains/pull-requests/sync/store-commits';
import { pullRefs } from '@/lib/domains/pull-requests/sync/store-pulls';
import {
  type PullRequest,
  pullRequestCommits,
  pullRequests,
  type Repository,
} from '@/lib/domains/pull-requests/tables';
import { enqueue } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';

/** Notes which commits it holds now; one that a force-push took out stays, with the time at which that was found. */
async function storePlaces(tx: Tx, pull: PullRequest, answers: readonly CommitAnswer[], at: Date): Promise<void> {
  const { customerId, id: pullRequestId } = pull;
  const ofPull = and(
    eq(pullRequestCommits.customerId, customerId),
    eq(pullRequestCommits.pullRequestId, pullRequestId),
  );
  const stored = new Map((await tx.select().from(pullRequestCommits).where(ofPull)).map(place => [place.sha, place]));
  const asked = new Map(answers.map(({ sha }, position) => [sha, position]));
  const fresh = [...asked].filter(([sha]) => !stored.has(sha));
  if (fresh.length > 0)
    await tx
      .insert(pullRequestCommits)
      .values(fresh.map(([sha, position]) => ({ customerId, pullRequestId, sha, position })));
  for (const place of stored.values()) {
    const position = asked.get(place.sha);
    const droppedAt = position === undefined ? (place.droppedAt ?? at) : null;
    if (position === (place.droppedAt ? undefined : place.position) || (position === undefined && place.droppedAt))
      continue;
    await tx
      .update(pullRequestCommits)
      .set({ droppedAt, position: position ?? place.position })
      .where(and(ofPull, eq(pullRequestCommits.sha, place.sha)));
  }
}

type Details = {
  /** As it was when its details were asked for: what changed since is read the next time. */
  pull: PullRequest;
  /** Null where they are as they were. */
  commits: readonly CommitAnswer[] | null;
  reopened: boolean;
  at: Date;
};

/** Writes them and that they are of this state of the pull request. Answers how many commits, and pull requests, changed. */
export async function storeDetails(
  tx: Tx,
  repository: Repository,
  { pull, commits, reopened, at }: Details,
): Promise<{ commits: number; pulls: number }> {
  const changed = commits ? await storeCommits(tx, repository, commits, { isOnDefaultBranch: false }) : 0;
  if (commits) await storePlaces(tx, pull, commits, at);
  const coAuthors = commits ? [...new Set(commits.flatMap(commit => commit.coAuthors))] : pull.coAuthors;
  const commitCount = commits ? new Set(commits.map(({ sha }) => sha)).size : pull.commitCount;
  const isAsBefore =
    reopened === pull.reopened &&
    commitCount === pull.commitCount &&
    coAuthors.join('\n') === pull.coAuthors.join('\n');
  const written = await tx
    .update(pullRequests)
    .set({ reopened, coAuthors, commitCount, detailsOf: pull.updatedAt })
    .where(and(eq(pullRequests.customerId, pull.customerId), eq(pullRequests.id, pull.id)))
    .returning();
  if (isAsBefore) return { commits: changed, pulls: 0 };
  await enqueue(tx, pullRefs(written));
  return { commits: changed, pulls: 1 };
}
