/** What GitHub refuses is a sentence and a state, and takes nothing of what was read. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { connected, minute, repositoryRow, someCalled, storeToken } from '@/dev/testing/pull-requests/connected';
import {
  newToken,
  nextAnswers,
  putPulls,
  removeRepository,
  requestsBy,
  revokeToken,
  setRate,
} from '@/dev/testing/pull-requests/github-double';
import { pullsOf, runsOf, sync } from '@/dev/testing/pull-requests/reading';
import { createWorld } from '@/dev/testing/world';
import { repositories } from '@/lib/domains/pull-requests/tables';
import { traceDeadLetters } from '@/lib/domains/traces/tables';
import { db } from '@/lib/platform/db';

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

test('another token forgets the ETags; a credential that is gone is a sentence', async () => {
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
