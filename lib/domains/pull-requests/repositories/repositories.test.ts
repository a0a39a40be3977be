/** Connecting, changing, reading now and disconnecting repositories, and the credential that they hold fast. */

import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { secretOf, storedCredential } from '@/dev/testing/credentials/secrets';
import { createWorld, type World } from '@/dev/testing/world';
import { deleteCredential } from '@/lib/domains/credentials/commands';
import {
  disconnectRepository,
  editRepository,
  syncRepository,
} from '@/lib/domains/pull-requests/repositories/commands';
import { connectRepository, renewWebhookSecret } from '@/lib/domains/pull-requests/repositories/connect';
import { findRepository, listRepositories } from '@/lib/domains/pull-requests/repositories/reads';
import { openWebhookSecret } from '@/lib/domains/pull-requests/repositories/webhook-secret';
import { repositories } from '@/lib/domains/pull-requests/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const githubToken = async (world: World) => (await storedCredential(world, { secret: secretOf.github_token() })).id;

async function connected(world: World, repo = 'acme/shop', credential_id?: string) {
  const credential = credential_id ?? (await githubToken(world));
  const { result } = await connectRepository(world.as('OWNER'), { repo, credential_id: credential });
  return { ...result, id: result.repository.repository_id, credential };
}

const stored = async (id: string) =>
  (await db().select().from(repositories).where(eq(repositories.repositoryId, id)))[0]!;
const change = (id: string, columns: Partial<typeof repositories.$inferInsert>) =>
  db().update(repositories).set(columns).where(eq(repositories.repositoryId, id));

test('a connected repository is read at once; its secret opens what was sealed, and no log or list has it', async () => {
  const world = await createWorld();
  const { repository, secret, id } = await connected(world, 'https://github.com/Acme/Shop.git');
  expect(repository).toMatchObject({ repo: 'Acme/Shop', state: 'WAITING', is_connected: true, problem: null });
  const row = await stored(id);
  expect(row.names).toEqual(['acme/shop']);
  expect(row.nextSyncAt.getTime()).toBeLessThanOrEqual(Date.now());
  expect(secret.reveal()).toMatch(/^[\da-f]{64}$/);
  expect((await openWebhookSecret(row)).reveal()).toBe(secret.reveal());
  const [listed, audited] = await Promise.all([
    listRepositories(world.as('VIEWER')),
    db().select().from(auditLog).where(eq(auditLog.customerId, world.customerId)),
  ]);
  expect(listed).toMatchObject([{ repository_id: id, pull_requests: 0, commits: 0, rate: null }]);
  const entry = audited.find(({ action }) => action === 'repository.connect');
  expect(entry).toMatchObject({ targetId: id, after: { repo: 'Acme/Shop' } });
  expect(JSON.stringify([listed, audited])).not.toContain(secret.reveal());
});

test('a form sent twice connects once and shows the same secret; changed or later it shows none', async () => {
  const world = await createWorld();
  const credential_id = await githubToken(world);
  const form = { repo: 'acme/shop', credential_id, request_token: randomText(20) };
  const [one, two] = await Promise.all([
    connectRepository(world.as('OWNER'), form),
    connectRepository(world.as('OWNER'), form),
  ]);
  expect(two.result.secret.reveal()).toBe(one.result.secret.reveal());
  expect(two.result.repository.repository_id).toBe(one.result.repository.repository_id);
  await expect(connectRepository(world.as('OWNER'), { ...form, repo: 'acme/other' })).rejects.toMatchObject({
    code: 'conflict',
  });
  const later = { ...world.as('OWNER'), clock: () => new Date(Date.now() + 3_600_000) };
  await expect(connectRepository(later, form)).rejects.toMatchObject({
    code: 'conflict',
    details: { repository_id: one.result.repository.repository_id },
  });
  expect(await listRepositories(world.as('OWNER'))).toHaveLength(1);
});

test('only the caller’s own token of GitHub may be named, and a repository is connected once', async () => {
  const [world, other] = await Promise.all([createWorld(), createWorld()]);
  const foreign = await githubToken(other);
  const openai = (await storedCredential(world)).id;
  const connect = (credential_id: string, repo = 'acme/shop') =>
    connectRepository(world.as('OWNER'), { repo, credential_id });
  await expect(connect(foreign)).rejects.toMatchObject({ code: 'not_found' });
  await expect(connect(openai)).rejects.toMatchObject({ code: 'invalid_input', fields: [{ path: 'credential_id' }] });
  const mine = await githubToken(world);
  await expect(connect(mine, 'no repository')).rejects.toMatchObject({ code: 'invalid_input' });
  const { id } = await connected(world, 'acme/shop', mine);
  await expect(connect(mine, 'ACME/Shop')).rejects.toMatchObject({ fields: [{ path: 'repo' }] });
  await expect(editRepository(world.as('OWNER'), { repository_id: id, credential_id: foreign })).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(findRepository(other.as('OWNER'), id)).rejects.toMatchObject({ code: 'not_found' });
});

test('one that was disconnected is read no more, keeps what was read, and is taken up again with another secret', async () => {
  const world = await createWorld();
  const before = await connected(world);
  await change(before.id, { githubId: 7, lease: 'mine', leasedUntil: new Date(Date.now() + 60_000) });
  await disconnectRepository(world.as('ADMIN'), { repository_id: before.id });
  expect(await stored(before.id)).toMatchObject({ isActive: false, lease: null, leasedUntil: null });
  expect(await listRepositories(world.as('OWNER'))).toEqual([]);
  expect(await findRepository(world.as('OWNER'), before.id)).toMatchObject({ is_connected: false });
  const gone = { repository_id: before.id };
  await expect(syncRepository(world.as('OWNER'), gone)).rejects.toMatchObject({ code: 'not_found' });
  await expect(renewWebhookSecret(world.as('OWNER'), gone)).rejects.toMatchObject({ code: 'not_found' });
  const again = await connected(world, 'Acme/shop');
  expect(again.id).toBe(before.id);
  expect(again.secret.reveal()).not.toBe(before.secret.reveal());
  expect(await stored(before.id)).toMatchObject({ isActive: true, githubId: 7, credentialId: again.credential });
});

test('“Read now” asks at most once a minute, and never while GitHub has us wait', async () => {
  const world = await createWorld();
  const { id } = await connected(world);
  const now = Date.now();
  const sync = () => syncRepository(world.as('COLLABORATOR'), { repository_id: id });
  const rested = { state: 'SYNCED' as const, nextSyncAt: new Date(now + 900_000) };
  await change(id, rested);
  await sync();
  expect((await stored(id)).nextSyncAt.getTime()).toBeLessThanOrEqual(Date.now());
  expect((await sync()).result.state, 'due already').toBe('SYNCED');
  await change(id, rested);
  await expect(sync()).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: expect.any(Number) });
  const paused = { state: 'PAUSED' as const, problem: 'rate_limited' as const, nextSyncAt: new Date(now + 600_000) };
  await change(id, paused);
  await expect(sync()).rejects.toMatchObject({ code: 'rate_limited' });
  await change(id, { state: 'FAILED', problem: 'no_access', problemDetail: 'Not Found' });
  expect((await findRepository(world.as('VIEWER'), id)).problem).toMatchObject({
    code: 'no_access',
    message: expect.stringContaining('no such repository'),
    todo: expect.stringContaining('read access'),
  });
});

test('another credential is used at once, and one that is in use cannot be deleted', async () => {
  const world = await createWorld();
  const { id, credential } = await connected(world);
  const reading = { lease: 'by the old one', leasedUntil: new Date(Date.now() + 60_000) };
  const failing = { state: 'FAILED' as const, problem: 'token_revoked' as const, failures: 3 };
  await change(id, { ...reading, ...failing, nextSyncAt: new Date(Date.now() + 9e6) });
  await expect(deleteCredential(world.as('OWNER'), { credential_id: credential })).rejects.toMatchObject({
    code: 'conflict',
    details: { repositories: [{ repository_id: id, name: 'acme/shop' }] },
  });
  const other = await githubToken(world);
  const { result } = await editRepository(world.as('OWNER'), { repository_id: id, credential_id: other });
  expect(result).toMatchObject({ credential_id: other, state: 'WAITING', problem: null, is_reading: false });
  expect(result.next_sync_at.getTime()).toBeLessThanOrEqual(Date.now());
  await deleteCredential(world.as('OWNER'), { credential_id: credential });
});
