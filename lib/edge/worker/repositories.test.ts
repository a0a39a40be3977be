/** /health says whether repositories are read, from counts over all customers: a database of its own. */
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { createWorld, type World } from '@/dev/testing/world';
import { customers } from '@/lib/domains/customers/tables';
import type { SyncProblem } from '@/lib/domains/pull-requests/rules';
import { type Repository, repositories } from '@/lib/domains/pull-requests/tables';
import { repositoriesAreRead } from '@/lib/edge/worker/repositories';
import { db } from '@/lib/platform/db';
import { HealthProblem } from '@/lib/platform/http/health';
import { newId } from '@/lib/platform/ids';

let dropDatabase: () => Promise<void>;
let world: World;
let gone: World;
beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
  world = await createWorld();
  gone = await createWorld();
  await db().update(customers).set({ status: 'SUSPENDED' }).where(eq(customers.customerId, gone.customerId));
});
afterEach(() => db().delete(repositories));
afterAll(() => dropDatabase());

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);

/** Stores repositories that are read, and next in ten minutes, but for what is said otherwise. */
async function store(count: number, over: Partial<Repository> = {}, { customerId }: World = world): Promise<void> {
  const rows = Array.from({ length: count }, () => {
    const name = `acme/${newId('r')}`;
    return {
      repositoryId: newId('repo'),
      customerId,
      repoSlug: name,
      names: [name],
      credentialId: 'crd_secret',
      state: 'SYNCED' as const,
      nextSyncAt: inSeconds(600),
      webhookSecret: Buffer.alloc(32),
      createdAt: new Date(),
      createdBy: 'test',
      updatedAt: new Date(),
      ...over,
    };
  });
  await db().insert(repositories).values(rows);
}
const failed = (problem: SyncProblem, failures: number) => ({ state: 'FAILED' as const, problem, failures });

/** What /health says, and whether it is a problem. */
async function told(): Promise<{ isWell: boolean; message: string }> {
  try {
    return { isWell: true, message: await repositoriesAreRead() };
  } catch (error) {
    if (error instanceof HealthProblem) return { isWell: false, message: error.message };
    throw error;
  }
}

test('without a repository there is nothing to be behind with', async () => {
  expect(await told()).toEqual({
    isWell: true,
    message:
      'of 0 repositories 0 are read now, 0 are due, the most late for 0 s; 0 fail by GitHub or us, 0 wait for their customer',
  });
});

test('one that is due for longer than a minute while none is read means that no reader runs', async () => {
  await store(1, { nextSyncAt: inSeconds(-30) });
  expect((await told()).isWell).toBe(true);
  await store(1, { nextSyncAt: inSeconds(-90) });
  expect(await told()).toEqual({
    isWell: false,
    message: expect.stringMatching(
      /^no repository is read: of 2 repositories 0 are read now, 2 are due, the most late for 9\d s;/,
    ),
  });
  await store(1, { nextSyncAt: inSeconds(-600), leasedUntil: inSeconds(100) });
  expect(await told()).toMatchObject({ isWell: true, message: expect.stringContaining('1 are read now, 2 are due') });
});

test('one that is due for longer than an hour means too few readers, although others are read', async () => {
  await store(1, { leasedUntil: inSeconds(100) });
  await store(1, { nextSyncAt: inSeconds(-3_000) });
  expect((await told()).isWell).toBe(true);
  await store(1, { nextSyncAt: inSeconds(-4_000) });
  expect(await told()).toMatchObject({ isWell: false, message: expect.stringMatching(/^readers are behind: /) });
});

test('a lease that has run out reads nothing', async () => {
  await store(1, { nextSyncAt: inSeconds(-90), leasedUntil: inSeconds(-1) });
  expect((await told()).isWell).toBe(false);
});

test('many that fail for a quarter of an hour are a problem; a few, one of a moment and what a customer must mend are told', async () => {
  await store(2);
  await store(4, failed('token_revoked', 9));
  await store(1, failed('unavailable', 3));
  await store(1, failed('unavailable', 4));
  expect(await told()).toMatchObject({
    isWell: true,
    message: expect.stringMatching(/1 fail by GitHub or us, 4 wait for their customer$/),
  });
  await store(1, failed('unreadable', 1));
  expect((await told()).isWell).toBe(true);
  await store(1, failed('unavailable', 7));
  expect(await told()).toMatchObject({ isWell: false, message: expect.stringMatching(/^GitHub cannot be read: /) });
});

test('what is disconnected, or of a customer that is not served, is not counted', async () => {
  await store(1, { nextSyncAt: inSeconds(-9_000), isActive: false });
  await store(1, { nextSyncAt: inSeconds(-9_000) }, gone);
  expect(await told()).toMatchObject({ isWell: true, message: expect.stringMatching(/^of 0 repositories/) });
});

test('no tenant, repository or credential is named', async () => {
  await store(3, { ...failed('unavailable', 9), nextSyncAt: inSeconds(-90), problemDetail: 'GitHub: 503 acme' });
  const { message } = await told();
  for (const name of [world.customerId, world.customer.companyName, 'acme', 'crd_secret', 'repo_'])
    expect(message).not.toContain(name);
});
