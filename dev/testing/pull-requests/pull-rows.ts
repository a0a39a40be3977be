/** Repositories, pull requests and commits for tests of what is read of them: rows as a synchronisation leaves them, in both stores. */
import { randomBytes, randomInt } from 'node:crypto';
import type { World } from '@/dev/testing/world';
import { commitsMirror, pullRequestDetailsMirror, pullRequestsMirror } from '@/lib/domains/pull-requests/mirror';
import {
  type Commit,
  commits,
  type PullRequest,
  pullRequestCommits,
  pullRequests,
  type Repository,
  repositories,
} from '@/lib/domains/pull-requests/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { enqueue } from '@/lib/kernel/outbox';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

type Target = Pick<World, 'customerId'>;

/** A connected repository of the customer, `acme/shop` unless told otherwise. */
export async function insertRepository(
  { customerId }: Target,
  change: Partial<typeof repositories.$inferInsert> = {},
): Promise<Repository> {
  const repoSlug = change.repoSlug ?? 'acme/shop';
  const at = new Date();
  const [stored] = await db()
    .insert(repositories)
    .values({
      repositoryId: newId('repo'),
      customerId,
      repoSlug,
      names: [repoSlug.toLowerCase()],
      credentialId: 'none',
      state: 'SYNCED',
      // No worker reads it.
      nextSyncAt: new Date(at.getTime() + 3_650 * 86_400_000),
      webhookSecret: randomBytes(16),
      createdAt: at,
      createdBy: 'test',
      updatedAt: at,
      ...change,
    })
    .returning();
  if (!stored) throw new Error('the repository was not stored');
  return stored;
}

/** An open pull request of octo with a branch of its own, changed as told; a small id is its number too. */
export function pullRow(
  { customerId, repositoryId, repoSlug }: Pick<Repository, 'customerId' | 'repositoryId' | 'repoSlug'>,
  { createdAt, ...change }: Partial<PullRequest> & { createdAt: Date },
): PullRequest {
  const id = change.id ?? randomInt(2 ** 40, 2 ** 47);
  const closedAt = change.closedAt ?? change.mergedAt ?? null;
  return {
    customerId,
    id,
    repositoryId,
    repoSlug,
    number: id % 1_000_000,
    title: `Pull request ${id}`,
    author: 'octo',
    state: change.mergedAt ? 'merged' : closedAt ? 'closed' : 'open',
    isDraft: false,
    createdAt,
    updatedAt: change.updatedAt ?? closedAt ?? createdAt,
    closedAt,
    mergedAt: null,
    reopened: false,
    branch: `branch-${id}`,
    baseBranch: 'main',
    mergeCommitSha: null,
    commitCount: 1,
    coAuthors: [],
    detailsOf: change.updatedAt ?? closedAt ?? createdAt,
    ...change,
  };
}

/** A commit of the repository by octo, changed as told. */
export const commitRow = (
  { customerId, repositoryId }: Pick<Repository, 'customerId' | 'repositoryId'>,
  { timestamp, ...change }: Partial<Commit> & { timestamp: Date },
): Commit => ({
  customerId,
  sha: randomBytes(20).toString('hex'),
  repositoryId,
  author: 'octo',
  authorLogin: 'octo',
  authorEmail: 'octo@example.com',
  timestamp,
  title: 'A commit',
  isOnDefaultBranch: false,
  coAuthors: [],
  ...change,
});

/** Puts pull requests into Postgres; the next flush of the mirror brings them to BigQuery. */
export async function storePulls(rows: readonly PullRequest[]): Promise<void> {
  await db().transaction(async tx => {
    await tx.insert(pullRequests).values([...rows]);
    await enqueue(
      tx,
      rows.flatMap(row => [
        pullRequestsMirror.ref(row),
        pullRequestDetailsMirror.ref({ ...row, repoNames: [row.repoSlug.toLowerCase()] }),
      ]),
    );
  });
}

/** Puts pull requests into Postgres and, by the mirror, into the customer's dataset. */
export async function insertPulls({ customerId }: Target, rows: readonly PullRequest[]): Promise<void> {
  await storePulls(rows);
  await flushOnce(relayDeps(), { customers: [customerId], lockWaitMs: 20_000 });
}

type Held = { pull?: PullRequest; droppedAt?: Date };

/** Puts commits into Postgres; with `pull` as its commits in their order. */
export async function insertCommits(rows: readonly Commit[], { pull, droppedAt }: Held = {}): Promise<void> {
  await db().transaction(async tx => {
    await tx.insert(commits).values([...rows]);
    await enqueue(
      tx,
      rows.map(row => commitsMirror.ref(row)),
    );
    if (!pull) return;
    const held = rows.map(({ sha, customerId }, position) => ({
      customerId,
      pullRequestId: pull.id,
      sha,
      position,
      droppedAt: droppedAt ?? null,
    }));
    await tx.insert(pullRequestCommits).values(held);
  });
}
