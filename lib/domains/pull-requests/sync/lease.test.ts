/** One process reads a repository at a time, the worker takes turns, and each customer has his own copy. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { connect, connected, line, repositoryRow, someCalled, storeToken } from '@/dev/testing/pull-requests/connected';
import { newToken, nextAnswers, putCommits, putPulls } from '@/dev/testing/pull-requests/github-double';
import { pullsOf, shasOf, sync, unstopped } from '@/dev/testing/pull-requests/reading';
import { createWorld } from '@/dev/testing/world';
import { claimRepository, inLease } from '@/lib/domains/pull-requests/sync/lease';
import { readStretch } from '@/lib/domains/pull-requests/sync/read-stretch';
import { syncDueRepositories } from '@/lib/domains/pull-requests/sync/sync-due';
import { LostLease } from '@/lib/domains/pull-requests/sync/sync-failure';
import { etagState, repositories } from '@/lib/domains/pull-requests/tables';
import { systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

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
  const lost = await readStretch(held[0]!, { clock: systemClock, signal: unstopped, maxRequests: 10, maxMs: 10_000 });
  expect(lost).toMatchObject({ repository: null, tally: { pulls: 0 } });
  expect(await pullsOf(world.customerId)).toEqual([]);
});

test('the worker reads what is due in stretches, and what was asked for meanwhile is due at once', async () => {
  const world = await createWorld();
  const { repo, repositoryId } = await connected(world);
  await putPulls(repo, someCalled(1, 5));
  const held = (await claimRepository(repositoryId, systemClock))!;
  const short = await readStretch(held, { clock: systemClock, signal: unstopped, maxRequests: 5, maxMs: 60_000 });
  expect(short).toMatchObject({ ending: { kind: 'more' }, usage: { requests: 5 }, tally: { details: 1 } });
  expect(await syncDueRepositories({ signal: unstopped, customers: [world.customerId] })).toBe(1);
  const done = await repositoryRow(repositoryId);
  expect(done).toMatchObject({ state: 'SYNCED', lastRequests: 15, requests: 15 });
  expect(done.nextSyncAt.getTime()).toBeGreaterThan(Date.now() + 14 * 60_000);
  expect(await syncDueRepositories({ signal: unstopped, customers: [world.customerId] })).toBe(0);
  const again = (await claimRepository(repositoryId, systemClock))!;
  const asked = new Date(again.dueAt.getTime() + 5);
  await db().update(repositories).set({ nextSyncAt: asked }).where(eq(repositories.repositoryId, repositoryId));
  await readStretch(again, { clock: systemClock, signal: unstopped, maxRequests: 100, maxMs: 60_000 });
  expect((await repositoryRow(repositoryId)).nextSyncAt).toEqual(asked);
});

test('a wait that GitHub asks for holds, also where somebody asked for a reading meanwhile', async () => {
  const world = await createWorld();
  const { repo, repositoryId } = await connected(world);
  await nextAnswers({ path: `/repos/${repo}`, status: 429, headers: { 'retry-after': '120' } });
  const held = (await claimRepository(repositoryId, systemClock))!;
  const asked = new Date(held.dueAt.getTime() + 5);
  await db().update(repositories).set({ nextSyncAt: asked }).where(eq(repositories.repositoryId, repositoryId));
  await readStretch(held, { clock: systemClock, signal: unstopped, maxRequests: 100, maxMs: 60_000 });
  const paused = await repositoryRow(repositoryId);
  expect(paused).toMatchObject({ state: 'PAUSED', problem: 'secondary_limit' });
  expect(paused.nextSyncAt.getTime()).toBeGreaterThan(Date.now() + 100_000);
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
    expect(await db().$count(etagState, eq(etagState.customerId, customerId))).toBe(6);
  }
});
