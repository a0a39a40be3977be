/** Pull requests as GitHub shows them → Postgres; only those that changed are written and mirrored. */
import { and, eq, inArray } from 'drizzle-orm';
import { pullRequestDetailsMirror, pullRequestsMirror } from '@/lib/domains/pull-requests/mirror';
import type { PullAnswer } from '@/lib/domains/pull-requests/sync/read-answers';
import { type PullRequest, pullRequests, type Repository } from '@/lib/domains/pull-requests/tables';
import { enqueue } from '@/lib/kernel/outbox';
import type { Tx } from '@/lib/platform/db';

const shown = [
  'repositoryId',
  'repoSlug',
  'number',
  'title',
  'author',
  'state',
  'isDraft',
  'createdAt',
  'updatedAt',
  'closedAt',
  'mergedAt',
  'branch',
  'baseBranch',
  'mergeCommitSha',
] as const satisfies (keyof PullRequest)[];

const plain = (value: unknown) => (value instanceof Date ? value.getTime() : value);

/** Both tables of BigQuery that hold a part of a pull request. */
export const pullRefs = (pulls: readonly PullRequest[]) =>
  pulls.flatMap(pull => [
    pullRequestsMirror.ref(pull),
    // Its second table adds the names of the repository, which its key and partition do not need.
    pullRequestDetailsMirror.ref({ ...pull, repoNames: [] }),
  ]);

/** Writes a page of them. Answers how many are new or changed. */
export async function storePulls(
  tx: Tx,
  { customerId, repositoryId, repoSlug }: Repository,
  answers: readonly PullAnswer[],
): Promise<number> {
  const asked = new Map(
    answers.map(({ githubId: _, ...pull }) => [pull.id, { ...pull, customerId, repositoryId, repoSlug }]),
  );
  const ids = [...asked.keys()];
  if (ids.length === 0) return 0;
  const there = await tx
    .select()
    .from(pullRequests)
    .where(and(eq(pullRequests.customerId, customerId), inArray(pullRequests.id, ids)));
  const stored = new Map(there.map(pull => [pull.id, pull]));
  const changed = [...asked.values()].filter(pull => {
    const known = stored.get(pull.id);
    return !known || shown.some(name => plain(known[name]) !== plain(pull[name]));
  });
  const written: PullRequest[] = [];
  for (const { id, ...columns } of changed.filter(pull => stored.has(pull.id))) {
    const mine = and(eq(pullRequests.customerId, customerId), eq(pullRequests.id, id));
    written.push(...(await tx.update(pullRequests).set(columns).where(mine).returning()));
  }
  const fresh = changed.filter(pull => !stored.has(pull.id));
  if (fresh.length > 0) written.push(...(await tx.insert(pullRequests).values(fresh).returning()));
  await enqueue(tx, pullRefs(written));
  return written.length;
}
