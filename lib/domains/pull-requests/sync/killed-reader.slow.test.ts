/** A process that dies while it reads a repository loses nothing of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { connected, line, repositoryRow, someCalled } from '@/dev/testing/pull-requests/connected';
import { putCommits, putPulls, requestsBy } from '@/dev/testing/pull-requests/github-double';
import { createWorld } from '@/dev/testing/world';
import { syncDueRepositories } from '@/lib/domains/pull-requests/sync/sync-due';
import { commits, pullRequests } from '@/lib/domains/pull-requests/tables';
import { db } from '@/lib/platform/db';

const sorted = (values: number[]) => values.sort((one, other) => one - other);

test('killed after page 1: the next process waits for the lease to end, goes on at page 2, and all ids are there', async () => {
  const world = await createWorld();
  const { repo, repositoryId, token } = await connected(world);
  const ids = await putPulls(repo, someCalled(1, 320));
  const main = line('main', 1, 120);
  await putCommits(repo, main);
  const child = spawn('node_modules/.bin/tsx', ['dev/testing/pull-requests/killed-reader.ts', repositoryId, '1'], {
    stdio: 'ignore',
  });
  const [, signalled] = await once(child, 'exit');
  // tsx passes its child's end on, as the signal or as 128 + 9.
  expect(signalled === 'SIGKILL' || child.exitCode === 137).toBe(true);
  const stored = () =>
    db().select({ id: pullRequests.id }).from(pullRequests).where(eq(pullRequests.customerId, world.customerId));
  expect(await stored()).toHaveLength(100);
  const signal = new AbortController().signal;
  const customers = [world.customerId];
  expect(await syncDueRepositories({ signal, customers })).toBe(0);
  const seen = (await requestsBy(token)).length;
  const later = () => new Date(Date.now() + 121_000);
  expect(await syncDueRepositories({ signal, customers, clock: later })).toBeGreaterThanOrEqual(4);
  const asked = (await requestsBy(token)).slice(seen).filter(({ path }) => path.includes('/pulls?'));
  // Each stretch of details after that begins with a look at the first page.
  const pages = asked.map(({ path }) => new URL(path, 'http://x').searchParams.get('page'));
  expect([pages.slice(0, 3), new Set(pages.slice(3))]).toEqual([['2', '3', '4'], new Set([null])]);
  expect(sorted((await stored()).map(({ id }) => id))).toEqual(sorted(ids));
  expect(await db().$count(commits, eq(commits.customerId, world.customerId))).toBe(main.length);
  expect(await repositoryRow(repositoryId)).toMatchObject({ state: 'SYNCED', lease: null });
}, 120_000);
