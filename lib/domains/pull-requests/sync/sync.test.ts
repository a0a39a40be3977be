/** A repository is read whole and once, whatever changes on its way. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { connected, line, minute, repositoryRow, shaOf, someCalled } from '@/dev/testing/pull-requests/connected';
import {
  newRepository,
  nextAnswers,
  putCommits,
  putPulls,
  renameRepository,
  requestsBy,
} from '@/dev/testing/pull-requests/github-double';
import { pullsOf, runsOf, shasOf, sync, unstopped } from '@/dev/testing/pull-requests/reading';
import { createWorld } from '@/dev/testing/world';
import { claimRepository } from '@/lib/domains/pull-requests/sync/lease';
import { readStretch } from '@/lib/domains/pull-requests/sync/read-stretch';
import { etagState, pullRequestCommits } from '@/lib/domains/pull-requests/tables';
import { outbox } from '@/lib/kernel/tables';
import { systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

test('all pull requests, their commits and the default branch are stored; the next reading is answered 304 alone', async () => {
  const world = await createWorld();
  const { repo, githubId, repositoryId, token } = await connected(world);
  const own = { ...line('own', 1, 1)[0]!, login: 'ada', email: 'ada@example.com', name: 'Ada' };
  const trailer = { ...own, sha: shaOf('trailer'), message: 'Fix\n\nCo-authored-by: Claude <noreply@anthropic.com>\n' };
  await putPulls(repo, [
    {
      number: 1,
      title: `Nul\0 and half \ud83d`,
      login: null,
      created_at: minute(1),
      updated_at: minute(9),
      commits: [own, trailer],
    },
    {
      number: 2,
      state: 'closed',
      created_at: minute(2),
      updated_at: minute(8),
      closed_at: minute(7),
      merged_at: minute(7),
      merge_commit_sha: shaOf('merge'),
      head: 'fix/cart',
      timeline: [
        { event: 'closed', created_at: minute(3) },
        { event: 'reopened', created_at: minute(4) },
      ],
    },
    { number: 3, state: 'closed', created_at: minute(3), updated_at: minute(3), closed_at: minute(3) },
  ]);
  const main = line('main', 1, 250);
  await putCommits(repo, main);
  const first = await sync(repositoryId);
  expect(first).toMatchObject({ end: 'done', tally: { commits: 252, details: 3, refused: 0 } });
  const stored = await pullsOf(world.customerId);
  expect(stored.map(pull => [pull.number, pull.author, pull.state, pull.reopened, pull.commitCount])).toEqual([
    [1, null, 'open', false, 2],
    [2, 'octocat', 'merged', true, 0],
    [3, 'octocat', 'closed', false, 0],
  ]);
  expect(stored[0]).toMatchObject({
    title: 'Nul\ufffd and half \ufffd',
    coAuthors: ['Claude <noreply@anthropic.com>'],
    repoSlug: repo,
    detailsOf: new Date(minute(9)),
  });
  expect(stored[1]).toMatchObject({
    branch: 'fix/cart',
    mergeCommitSha: shaOf('merge'),
    mergedAt: new Date(minute(7)),
  });
  expect(await shasOf(world.customerId)).toEqual([own, trailer, ...main].map(({ sha }) => sha).sort());
  expect(await repositoryRow(repositoryId)).toMatchObject({
    state: 'SYNCED',
    problem: null,
    githubId,
    rateLimit: 5_000,
    lease: null,
    syncStartedAt: null,
    lastRequests: first.requests,
  });
  const before = (await requestsBy(token)).length;
  expect(await sync(repositoryId)).toMatchObject({
    end: 'done',
    requests: 2,
    notModified: 2,
    tally: { pulls: 0, commits: 0 },
  });
  expect((await requestsBy(token)).slice(before).map(({ status }) => status)).toEqual([304, 304]);
  // One run, as the second reading found nothing within the hour.
  expect(await runsOf(world.customerId)).toMatchObject([{ job: 'ingest-github', state: 'COMPLETED', refusedCount: 0 }]);
  const told = await db().select({ mirror: outbox.mirror }).from(outbox).where(eq(outbox.customerId, world.customerId));
  const known = ['tenant.pull_requests', 'tenant.pull_request_details', 'tenant.commits', 'tenant.etag_state'];
  for (const { mirror } of told)
    if (!mirror.startsWith('customers.'))
      expect([...known, 'tenant.etl_runs', 'tenant.customer_api_keys']).toContain(mirror);
});

test('an error on page 2 loses nothing: no ETag is kept before the last page, and the walk goes on there', async () => {
  const world = await createWorld();
  const { repo, repositoryId, token } = await connected(world);
  const numbers = someCalled(1, 250);
  const ids = await putPulls(repo, numbers);
  await nextAnswers({ path: `/repos/${repo}/pulls?`, skip: 1, status: 500 });
  expect(await sync(repositoryId)).toMatchObject({ end: 'failed' });
  expect(await repositoryRow(repositoryId)).toMatchObject({ state: 'FAILED', problem: 'unavailable', failures: 1 });
  expect(await db().$count(etagState, eq(etagState.repositoryId, repositoryId))).toBe(0);
  // It changes while the walk is cut off: found by the next walk.
  await putPulls(repo, [{ ...numbers[0]!, updated_at: minute(900), title: 'Changed meanwhile' }]);
  const seen = (await requestsBy(token)).length;
  const readOn = async () => {
    const held = (await claimRepository(repositoryId, systemClock))!;
    return readStretch(held, { clock: systemClock, signal: unstopped, maxRequests: 4, maxMs: 60_000 });
  };
  expect(await readOn()).toMatchObject({ ending: { kind: 'more' }, tally: { pulls: 149 } });
  const lists = (await requestsBy(token)).slice(seen).filter(({ path }) => path.includes('/pulls?'));
  expect(lists.map(({ path }) => new URL(path, 'http://x').searchParams.get('page'))).toEqual(['2', '3']);
  expect(await readOn()).toMatchObject({ tally: { pulls: 1 } });
  expect((await pullsOf(world.customerId)).map(({ id }) => id)).toEqual(ids);
  expect((await pullsOf(world.customerId))[0]).toMatchObject({
    title: 'Changed meanwhile',
    updatedAt: new Date(minute(900)),
  });
  expect(await runsOf(world.customerId)).toMatchObject([{ state: 'FAILED' }, { state: 'RUNNING', rowCount: 150 }]);
});

test('a branch merged late brings commits older than all that was read: none is missed, and the walk ends there', async () => {
  const world = await createWorld();
  const { repo, repositoryId, token } = await connected(world);
  const main = line('main', 100, 900);
  await putCommits(repo, main);
  await sync(repositoryId);
  const late = line('late', 201, 650, main[100]!.sha);
  const merge = {
    sha: shaOf('merge'),
    message: 'Merge',
    date: minute(950),
    parents: [main.at(-1)!.sha, late.at(-1)!.sha],
  };
  await putCommits(repo, [...late, merge]);
  const seen = (await requestsBy(token)).length;
  expect(await sync(repositoryId)).toMatchObject({ end: 'done', tally: { commits: 451 } });
  expect(await shasOf(world.customerId)).toEqual([...main, ...late, merge].map(({ sha }) => sha).sort());
  // All 1,252 would be 13 pages; the branch begins on the twelfth.
  expect((await requestsBy(token)).slice(seen).filter(({ path }) => path.includes('/commits?'))).toHaveLength(12);
  expect(await sync(repositoryId)).toMatchObject({ requests: 2, notModified: 2 });
});

test('a force-push keeps the commits it took out, with the time at which that was found', async () => {
  const world = await createWorld();
  const { repo, repositoryId } = await connected(world);
  const pull = { number: 1, created_at: minute(1) };
  const [one, two, three] = line('work', 1, 3);
  await putPulls(repo, [{ ...pull, updated_at: minute(1), commits: [one!, two!] }]);
  await sync(repositoryId);
  await putPulls(repo, [{ ...pull, updated_at: minute(2), commits: [three!, one!] }]);
  await sync(repositoryId);
  const places = await db()
    .select()
    .from(pullRequestCommits)
    .where(eq(pullRequestCommits.customerId, world.customerId));
  expect(places.map(({ sha, position, droppedAt }) => [sha, position, droppedAt !== null]).sort()).toEqual(
    [
      [one!.sha, 1, false],
      [two!.sha, 1, true],
      [three!.sha, 0, false],
    ].sort(),
  );
  expect((await pullsOf(world.customerId))[0]).toMatchObject({ commitCount: 2 });
  expect(await shasOf(world.customerId)).toHaveLength(3);
});

test('a renamed repository is found by its id; its pull requests have the new name and all its names are kept', async () => {
  const world = await createWorld();
  const { repo, repositoryId } = await connected(world);
  await putPulls(repo, someCalled(1, 3));
  await sync(repositoryId);
  const to = `${repo}-renamed`;
  await renameRepository(repo, to);
  await putPulls(to, someCalled(4, 4));
  expect(await sync(repositoryId)).toMatchObject({ end: 'done' });
  expect(await repositoryRow(repositoryId)).toMatchObject({ repoSlug: to, names: [repo, to], state: 'SYNCED' });
  expect((await pullsOf(world.customerId)).map(({ repoSlug }) => repoSlug)).toEqual(Array(4).fill(to));
  expect(await sync(repositoryId)).toMatchObject({ requests: 2, notModified: 2 });
});

test('a repository whose name another one took is found again by its id, and the other one is not mixed into it', async () => {
  const world = await createWorld();
  const { repo, repositoryId, githubId } = await connected(world);
  await putPulls(repo, someCalled(1, 2));
  await sync(repositoryId);
  await renameRepository(repo, `${repo}-old`);
  const other = await newRepository();
  const foreign = line('foreign', 1, 2);
  await putCommits(other.repo, foreign);
  await renameRepository(other.repo, repo);
  await sync(repositoryId);
  expect(await repositoryRow(repositoryId)).toMatchObject({ githubId, repoSlug: `${repo}-old`, state: 'SYNCED' });
  await renameRepository(`${repo}-old`, `${repo}-older`);
  const third = await newRepository();
  await putPulls(third.repo, someCalled(7, 9));
  await renameRepository(third.repo, `${repo}-old`);
  await sync(repositoryId);
  expect(await repositoryRow(repositoryId)).toMatchObject({ githubId, repoSlug: `${repo}-older`, state: 'SYNCED' });
  expect((await pullsOf(world.customerId)).map(({ number }) => number)).toEqual([1, 2]);
  expect(await shasOf(world.customerId)).toEqual([]);
});
