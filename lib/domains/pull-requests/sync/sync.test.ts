/** A repository is read whole, once, whatever ends the reading on its way, and each customer's apart. */
import { and, asc, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import {
  connect,
  connected,
  line,
  minute,
  repositoryRow,
  shaOf,
  someCalled,
  storeToken,
} from '@/dev/testing/pull-requests/connected';
import {
  newToken,
  nextAnswers,
  putCommits,
  putPulls,
  removeRepository,
  renameRepository,
  requestsBy,
  revokeToken,
  setRate,
} from '@/dev/testing/pull-requests/github-double';
import { createWorld } from '@/dev/testing/world';
import { claimRepository, inLease } from '@/lib/domains/pull-requests/sync/lease';
import { readStretch } from '@/lib/domains/pull-requests/sync/read-stretch';
import { syncDueRepositories } from '@/lib/domains/pull-requests/sync/sync-due';
import { LostLease } from '@/lib/domains/pull-requests/sync/sync-failure';
import { syncRepository } from '@/lib/domains/pull-requests/sync/sync-repository';
import { commits, etagState, pullRequestCommits, pullRequests, repositories } from '@/lib/domains/pull-requests/tables';
import { etlRuns, traceDeadLetters } from '@/lib/domains/traces/tables';
import { outbox } from '@/lib/kernel/tables';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

const signal = new AbortController().signal;
const sync = (repositoryId: string, clock: Clock = systemClock) =>
  syncRepository(repositoryId, { clock, signal, waits: 'note' });

const pullsOf = (customerId: string) =>
  db().select().from(pullRequests).where(eq(pullRequests.customerId, customerId)).orderBy(asc(pullRequests.number));
const shasOf = async (customerId: string) =>
  (await db().select({ sha: commits.sha }).from(commits).where(eq(commits.customerId, customerId)))
    .map(({ sha }) => sha)
    .sort();
const runsOf = (customerId: string) =>
  db().select().from(etlRuns).where(eq(etlRuns.customerId, customerId)).orderBy(asc(etlRuns.id));

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
  await sync(repositoryId);
  const lists = (await requestsBy(token)).slice(seen).filter(({ path }) => path.includes('/pulls?'));
  // Each stretch of details after that begins with a look at the first page.
  const pages = lists.map(({ path }) => new URL(path, 'http://x').searchParams.get('page'));
  expect([pages.slice(0, 2), new Set(pages.slice(2))]).toEqual([['2', '3'], new Set([null])]);
  const stored = await pullsOf(world.customerId);
  expect(stored.map(({ id }) => id)).toEqual(ids);
  expect(stored[0]).toMatchObject({ title: 'Changed meanwhile', updatedAt: new Date(minute(900)) });
  expect((await runsOf(world.customerId)).slice(0, 2)).toMatchObject([{ state: 'FAILED' }, { state: 'COMPLETED' }]);
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

test('a revoked token, a hidden repository and a token without the right are sentences; what was read stays', async () => {
  const world = await createWorld();
  const { repo, repositoryId, token } = await connected(world);
  await putPulls(repo, someCalled(1, 2));
  await sync(repositoryId);
  const at = new Date();
  const dueAfterMs = async () => (await repositoryRow(repositoryId)).nextSyncAt.getTime() - at.getTime();
  await nextAnswers({
    path: `/repos/${repo}/pulls`,
    status: 403,
    body: { message: 'Resource not accessible by token' },
  });
  expect(await sync(repositoryId, () => at)).toMatchObject({ end: 'failed' });
  expect(await repositoryRow(repositoryId)).toMatchObject({ state: 'FAILED', problem: 'forbidden' });
  await revokeToken(token);
  await sync(repositoryId, () => at);
  expect(await repositoryRow(repositoryId)).toMatchObject({ problem: 'token_revoked', failures: 2 });
  expect(await dueAfterMs()).toBeGreaterThanOrEqual(6 * 3_600_000);
  await newToken({ token });
  await removeRepository(repo);
  await sync(repositoryId, () => at);
  const row = await repositoryRow(repositoryId);
  expect(row).toMatchObject({ problem: 'no_access', failures: 3 });
  expect(JSON.stringify([row, await runsOf(world.customerId)])).not.toContain(token);
  expect(await pullsOf(world.customerId)).toHaveLength(2);
});

test('limits: the hour is used up, GitHub says when; a secondary limit asks by retry-after; then reading goes on', async () => {
  const world = await createWorld();
  const { repo, repositoryId, token } = await connected(world);
  const ids = await putPulls(repo, someCalled(1, 3));
  await setRate(token, 4_998, 600);
  expect(await sync(repositoryId)).toMatchObject({ end: 'paused' });
  const paused = await repositoryRow(repositoryId);
  expect(paused).toMatchObject({ state: 'PAUSED', problem: 'rate_limited', rateRemaining: 0 });
  expect(paused.nextSyncAt).toEqual(new Date(paused.rateResetAt!.getTime() + 1_000));
  await setRate(token, 0);
  const at = new Date();
  await nextAnswers({
    path: `/repos/${repo}/commits`,
    status: 403,
    headers: { 'retry-after': '90' },
    body: { message: 'You have exceeded a secondary rate limit.' },
  });
  await sync(repositoryId, () => at);
  expect(await repositoryRow(repositoryId)).toMatchObject({
    state: 'PAUSED',
    problem: 'secondary_limit',
    nextSyncAt: new Date(at.getTime() + 90_000),
  });
  await nextAnswers({ path: `/repos/${repo}/commits`, status: 429 });
  await sync(repositoryId, () => at);
  expect((await repositoryRow(repositoryId)).nextSyncAt).toEqual(new Date(at.getTime() + 60_000));
  expect(await sync(repositoryId)).toMatchObject({ end: 'done' });
  expect((await pullsOf(world.customerId)).map(({ id }) => id).sort()).toEqual([...ids].sort());
  // What follows a pause within the hour and finds nothing more is not on record anew.
  expect((await runsOf(world.customerId)).map(({ state }) => state)).toEqual(['COMPLETED']);
});

test('another token forgets the ETags, and a repository that another one now has the name of is found again', async () => {
  const world = await createWorld();
  const { repo, repositoryId } = await connected(world);
  await putPulls(repo, someCalled(1, 1));
  await sync(repositoryId);
  const token = await newToken();
  await db()
    .update(repositories)
    .set({ credentialId: await storeToken(world, token) })
    .where(eq(repositories.repositoryId, repositoryId));
  expect(await sync(repositoryId)).toMatchObject({ end: 'done', notModified: 0 });
  expect((await requestsBy(token)).every(({ conditional }) => !conditional)).toBe(true);
  await db().update(repositories).set({ credentialId: 'cred_gone' }).where(eq(repositories.repositoryId, repositoryId));
  await sync(repositoryId);
  expect(await repositoryRow(repositoryId)).toMatchObject({ state: 'FAILED', problem: 'credential_gone' });
});

test('one process reads a customer at a time, and who lost his lease writes nothing', async () => {
  const world = await createWorld();
  const { repo, repositoryId, credentialId } = await connected(world);
  const second = await connect(world, `${repo}-2`, credentialId);
  const claims = await Promise.all([repositoryId, second, repositoryId].map(id => claimRepository(id, systemClock)));
  const held = claims.filter(claim => claim !== null);
  expect(held).toHaveLength(1);
  const later = () => new Date(Date.now() + 121_000);
  const taken = await claimRepository(held[0]!.repository.repositoryId, later);
  expect(taken).not.toBeNull();
  const write = inLease(held[0]!, systemClock, tx =>
    tx.update(repositories).set({ problemDetail: 'lost' }).where(eq(repositories.repositoryId, repositoryId)),
  );
  await expect(write).rejects.toThrow(LostLease);
  expect((await repositoryRow(repositoryId)).problemDetail).toBeNull();
  await putPulls(repo, someCalled(1, 1));
  const lost = await readStretch(held[0]!, { clock: systemClock, signal, maxRequests: 10, maxMs: 10_000 });
  expect(lost).toMatchObject({ repository: null, tally: { pulls: 0 } });
  expect(await pullsOf(world.customerId)).toEqual([]);
});

test('the worker reads what is due in stretches, and what was asked for meanwhile is due at once', async () => {
  const world = await createWorld();
  const { repo, repositoryId } = await connected(world);
  await putPulls(repo, someCalled(1, 5));
  const held = (await claimRepository(repositoryId, systemClock))!;
  const short = await readStretch(held, { clock: systemClock, signal, maxRequests: 5, maxMs: 60_000 });
  expect(short).toMatchObject({ ending: { kind: 'more' }, usage: { requests: 5 }, tally: { details: 1 } });
  expect(await syncDueRepositories({ signal, customers: [world.customerId] })).toBe(1);
  const done = await repositoryRow(repositoryId);
  expect(done).toMatchObject({ state: 'SYNCED', lastRequests: 15, requests: 15 });
  expect(done.nextSyncAt.getTime()).toBeGreaterThan(Date.now() + 14 * 60_000);
  expect(await syncDueRepositories({ signal, customers: [world.customerId] })).toBe(0);
  const again = (await claimRepository(repositoryId, systemClock))!;
  const asked = new Date(again.dueAt.getTime() + 5);
  await db().update(repositories).set({ nextSyncAt: asked }).where(eq(repositories.repositoryId, repositoryId));
  await readStretch(again, { clock: systemClock, signal, maxRequests: 100, maxMs: 60_000 });
  expect((await repositoryRow(repositoryId)).nextSyncAt).toEqual(asked);
});

test('two customers with the same repository keep theirs apart', async () => {
  const [one, other] = [await createWorld(), await createWorld()];
  const { repo, repositoryId } = await connected(one);
  const ids = await putPulls(repo, someCalled(1, 2));
  await putCommits(repo, line('main', 1, 2));
  const second = await connect(other, repo, await storeToken(other, await newToken()));
  await Promise.all([sync(repositoryId), sync(second)]);
  for (const { customerId } of [one, other]) {
    expect((await pullsOf(customerId)).map(({ id }) => id)).toEqual(ids);
    expect(await shasOf(customerId)).toHaveLength(2);
    expect(await db().$count(etagState, and(eq(etagState.customerId, customerId)))).toBe(6);
  }
});

test('a row that cannot be read is kept apart with its field; all others are stored', async () => {
  const world = await createWorld();
  const { repo, repositoryId, token } = await connected(world);
  const [id = 0] = await putPulls(repo, someCalled(1, 1));
  const good = {
    id,
    number: 1,
    title: 'One',
    state: 'open',
    created_at: minute(1),
    updated_at: minute(1),
    user: {},
    head: null,
    base: null,
  };
  const body = [good, { ...good, id: 'none' }];
  await nextAnswers({ path: `/repos/${repo}/pulls?`, status: 200, body });
  await nextAnswers({ path: `/repos/${repo}/commits`, status: 200, body: { message: 'no list' }, token, skip: 1 });
  expect(await sync(repositoryId)).toMatchObject({ end: 'done', tally: { refused: 1 } });
  expect(await repositoryRow(repositoryId)).toMatchObject({ state: 'SYNCED', problem: 'unreadable' });
  const letters = await db().select().from(traceDeadLetters).where(eq(traceDeadLetters.customerId, world.customerId));
  expect(letters).toMatchObject([{ line: 2, field: 'id' }]);
  expect(await pullsOf(world.customerId)).toMatchObject([{ id, author: null, branch: null }]);
  await putPulls(repo, someCalled(2, 2));
  await sync(repositoryId);
  expect(await repositoryRow(repositoryId)).toMatchObject({ state: 'FAILED', problem: 'unreadable' });
});
