/** Commits → Postgres; a commit does not change, but who its account is may, and that a walk of the default branch met it. */
import { and, eq, inArray } from 'drizzle-orm';
import { commitsMirror } from '@/lib/domains/pull-requests/mirror';
import type { CommitAnswer } from '@/lib/domains/pull-requests/sync/read-answers';
import { type Commit, commits, type Repository } from '@/lib/domains/pull-requests/tables';
import { enqueue } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';

type Stored = Pick<Commit, 'sha' | 'author' | 'authorLogin' | 'repositoryId' | 'isOnDefaultBranch'>;

const storedCommits = (tx: Tx, customerId: string, shas: string[]): Promise<Stored[]> =>
  tx
    .select({
      sha: commits.sha,
      author: commits.author,
      authorLogin: commits.authorLogin,
      repositoryId: commits.repositoryId,
      isOnDefaultBranch: commits.isOnDefaultBranch,
    })
    .from(commits)
    .where(and(eq(commits.customerId, customerId), inArray(commits.sha, shas)));

/** Those of `shas` that a walk of this repository's default branch has met: their ancestors are stored, or on their way. */
export async function metByWalk(
  tx: Tx,
  { customerId, repositoryId }: Repository,
  shas: readonly string[],
): Promise<Set<string>> {
  if (shas.length === 0) return new Set();
  const stored = await storedCommits(tx, customerId, [...shas]);
  const met = stored.filter(commit => commit.isOnDefaultBranch && commit.repositoryId === repositoryId);
  return new Set(met.map(commit => commit.sha));
}

/**
 * Writes commits of the default branch, or of a pull request. Answers how many are new or have another author. A commit that
 * another repository of the customer has too stays that one's.
 */
export async function storeCommits(
  tx: Tx,
  { customerId, repositoryId }: Repository,
  answers: readonly CommitAnswer[],
  { isOnDefaultBranch }: { isOnDefaultBranch: boolean },
): Promise<number> {
  const asked = new Map(answers.map(({ parents: _, ...commit }) => [commit.sha, commit]));
  if (asked.size === 0) return 0;
  const stored = new Map((await storedCommits(tx, customerId, [...asked.keys()])).map(commit => [commit.sha, commit]));
  const fresh = [...asked.values()].filter(commit => !stored.has(commit.sha));
  const written: Commit[] = [];
  if (fresh.length > 0) {
    const rows = fresh.map(commit => ({ ...commit, customerId, repositoryId, isOnDefaultBranch }));
    written.push(...(await tx.insert(commits).values(rows).returning()));
  }
  const met: string[] = [];
  for (const known of stored.values()) {
    const said = asked.get(known.sha);
    if (!said || known.repositoryId !== repositoryId) continue;
    if (isOnDefaultBranch && !known.isOnDefaultBranch) met.push(known.sha);
    if (said.author === known.author && said.authorLogin === known.authorLogin) continue;
    const mine = and(eq(commits.customerId, customerId), eq(commits.sha, known.sha));
    const { author, authorLogin } = said;
    written.push(...(await tx.update(commits).set({ author, authorLogin }).where(mine).returning()));
  }
  if (met.length > 0)
    await tx
      .update(commits)
      .set({ isOnDefaultBranch: true })
      .where(and(eq(commits.customerId, customerId), inArray(commits.sha, met)));
  await enqueue(tx, written.map(commitsMirror.ref));
  return written.length;
}
