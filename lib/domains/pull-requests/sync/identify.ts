/** Which repository it is: GitHub's own id finds it again under another name. */
import { and, eq, ne, sql } from 'drizzle-orm';
import { forgetEtags } from '@/lib/domains/pull-requests/sync/etags';
import { inLease } from '@/lib/domains/pull-requests/sync/lease';
import { readOne, repositoryAnswer } from '@/lib/domains/pull-requests/sync/read-answers';
import { askFresh, type Reading, repositoryPath } from '@/lib/domains/pull-requests/sync/reading';
import { pullRefs } from '@/lib/domains/pull-requests/sync/store-pulls';
import { RepositoryMoved, SyncFailure } from '@/lib/domains/pull-requests/sync/sync-failure';
import { pullRequests, repositories } from '@/lib/domains/pull-requests/tables';
import { enqueue } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';

const atOnce = 2_000;

/** Pull requests of the repository get its new name, here and in BigQuery. */
async function renamePulls(tx: Tx, repositoryId: string, repoSlug: string): Promise<void> {
  const renamed = await tx
    .update(pullRequests)
    .set({ repoSlug })
    .where(eq(pullRequests.repositoryId, repositoryId))
    .returning();
  for (let from = 0; from < renamed.length; from += atOnce)
    await enqueue(tx, pullRefs(renamed.slice(from, from + atOnce)));
}

async function requireFreeName(tx: Tx, reading: Reading, repoSlug: string): Promise<void> {
  const { customerId, repositoryId } = reading.held.repository;
  const sameName = sql`lower(${repositories.repoSlug}) = lower(${repoSlug})`;
  const other = and(eq(repositories.customerId, customerId), ne(repositories.repositoryId, repositoryId));
  const taken = await tx.$count(repositories, and(other, sameName, eq(repositories.isActive, true)));
  if (taken > 0)
    throw new SyncFailure('no_access', { detail: `It is ${repoSlug} now, which is connected on its own.` });
}

/** Writes id and name where they are new. Throws SyncFailure where another connected repository has that name. */
async function noteName(
  reading: Reading,
  { id: githubId, full_name: repoSlug }: { id: number; full_name: string },
): Promise<void> {
  const { repository } = reading.held;
  if (repository.githubId === githubId && repository.repoSlug === repoSlug) return;
  await inLease(reading.held, reading.clock, async tx => {
    await requireFreeName(tx, reading, repoSlug);
    const names = [...new Set([...repository.names, repoSlug.toLowerCase()])];
    const columns = { githubId, repoSlug, names };
    await tx.update(repositories).set(columns).where(eq(repositories.repositoryId, repository.repositoryId));
    if (repoSlug !== repository.repoSlug) {
      await renamePulls(tx, repository.repositoryId, repoSlug);
      // A name that it has again one day must not bring back what was true the last time.
      await forgetEtags(tx, repository);
    }
    Object.assign(repository, columns);
  });
}

/** Asks for the repository by GitHub's id. Throws RepositoryMoved no more: an id does not move. */
export async function findAgain(reading: Reading, { githubId }: RepositoryMoved): Promise<void> {
  const id = reading.held.repository.githubId ?? githubId;
  if (id === null)
    throw new SyncFailure('no_access', { detail: 'GitHub redirected without saying to which repository.' });
  try {
    const answer = await askFresh(reading, `/repositories/${id}`);
    await noteName(reading, readOne(repositoryAnswer, answer.data));
  } catch (error) {
    if (!(error instanceof RepositoryMoved)) throw error;
    throw new SyncFailure('unreadable', { detail: 'GitHub redirects in a circle.' });
  }
}

/** Learns GitHub's id of a repository that was never read. */
export async function identify(reading: Reading): Promise<void> {
  if (reading.held.repository.githubId !== null) return;
  const answer = await askFresh(reading, repositoryPath(reading));
  await noteName(reading, readOne(repositoryAnswer, answer.data));
}

/** Throws RepositoryMoved where the name is another repository's now. */
export async function proveName(reading: Reading): Promise<void> {
  const { githubId } = reading.held.repository;
  const { id } = readOne(repositoryAnswer, (await askFresh(reading, repositoryPath(reading))).data);
  reading.isProven = true;
  if (id !== githubId) throw new RepositoryMoved(githubId);
}
