/** Tests of stored and of unstored secrets by people, keys and the weekly job, against the local double. */
import { and, eq, sql } from 'drizzle-orm';
import { expect, test, vi } from 'vitest';
import { storedCredential } from '@/dev/testing/credentials/secrets';
import {
  anthropicAccount,
  awsRole,
  azureAccount,
  gcpAccount,
  openaiAccount,
  setAccount,
} from '@/dev/testing/providers/cloud-accounts';
import { createWorld, type World } from '@/dev/testing/world';
import { testsOfCaller } from '@/lib/domains/credentials/check/allowance';
import { failingCredentials } from '@/lib/domains/credentials/check/failing-credentials';
import { testCredential } from '@/lib/domains/credentials/check/test-credential';
import { testSecret } from '@/lib/domains/credentials/check/test-secret';
import { validateAll } from '@/lib/domains/credentials/check/validate-all';
import type { CredentialSecretInput } from '@/lib/domains/credentials/input';
import { awsExternalId } from '@/lib/domains/credentials/rules';
import { parseSecret } from '@/lib/domains/credentials/secret';
import { sealSecret } from '@/lib/domains/credentials/stored-credential';
import { type CloudCredential, cloudCredentials } from '@/lib/domains/credentials/tables';
import { notifications } from '@/lib/domains/notifications/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

const rowOf = async (credentialId: string) => {
  const [row] = await db().select().from(cloudCredentials).where(eq(cloudCredentials.credentialId, credentialId));
  if (!row) throw new Error('no such credential');
  return row;
};
/** Stores a secret as a form does; `change` is of what no form can. */
async function storeAccount(world: World, secret: CredentialSecretInput, change?: Partial<CloudCredential>) {
  const { id: credentialId } = await storedCredential(world, { secret });
  const mine = eq(cloudCredentials.credentialId, credentialId);
  if (change) await db().update(cloudCredentials).set(change).where(mine);
  return { credentialId };
}
const messagesOf = ({ customerId }: World) =>
  db()
    .select({ to: notifications.recipient, subject: notifications.subject, data: notifications.data })
    .from(notifications)
    .where(and(eq(notifications.customerId, customerId), eq(notifications.event, 'credential_failing')));
const auditOf = ({ customerId }: World) => db().select().from(auditLog).where(eq(auditLog.customerId, customerId));
const everythingOf = async (world: World) => JSON.stringify([await messagesOf(world), await auditOf(world)]);

test('a secret that is not stored is tested, and the audit log has the steps and nothing of the secret', async () => {
  const world = await createWorld();
  const good = await gcpAccount();
  const { result } = await testSecret(world.as('ADMIN'), { secret: good.secret });
  expect(result).toMatchObject({ outcome: 'ok', project_id: good.known.home });
  const wrong = `sk-${'q7'.repeat(20)}`;
  const refused = await testSecret(world.as('ADMIN'), { secret: { kind: 'openai_api_key', api_key: wrong } });
  expect(refused.result).toMatchObject({ outcome: 'rejected', steps: [{ outcome: 'ok' }, { outcome: 'failed' }, {}] });
  const rows = (await auditOf(world)).filter(({ action }) => action === 'credential.test_secret');
  expect(rows.map(({ after }) => (after as { outcome: string }).outcome).sort()).toEqual(['ok', 'rejected']);
  const kept = JSON.stringify([rows, refused]);
  expect(kept).not.toContain(wrong);
  expect(kept).not.toContain('PRIVATE KEY');
});

test('a stored one keeps what its test found: status, steps, permissions, what it belongs to', async () => {
  const world = await createWorld();
  const gcp = await gcpAccount();
  const { credentialId } = await storeAccount(world, gcp.secret);
  const { result } = await testCredential(world.as('ADMIN'), { credential_id: credentialId });
  expect(result).toMatchObject({ outcome: 'ok', is_current: true, credential: { health: 'HEALTHY' } });
  const row = await rowOf(credentialId);
  expect(row).toMatchObject({
    validationStatus: 'VALID',
    validationError: null,
    failingSince: null,
    projectId: gcp.known.home,
    scopes: ['resourcemanager.projects.get'],
  });
  expect(row.lastCheck?.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  expect(row.lastValidatedAt).toBeInstanceOf(Date);
});

test('each kind of stored secret is tested in the form it was stored in', async () => {
  const world = await createWorld();
  const accounts = await Promise.all([
    awsRole(awsExternalId(world.customerId)),
    azureAccount(),
    openaiAccount(),
    anthropicAccount(),
  ]);
  for (const { secret } of accounts) {
    const { credentialId } = await storeAccount(world, secret);
    const { result } = await testCredential(world.as('OWNER'), { credential_id: credentialId });
    expect([secret.kind, result.outcome]).toEqual([secret.kind, 'ok']);
  }
});

test('one that worked and fails now is told of once until it works again, then anew', async () => {
  const world = await createWorld();
  const account = await openaiAccount();
  const { credentialId } = await storeAccount(world, account.secret);
  const run = async () => (await testCredential(world.as('ADMIN'), { credential_id: credentialId })).result;
  await run();
  await setAccount(account, { state: 'disabled' });
  const failed = await run();
  expect(failed.credential).toMatchObject({ health: 'FAILING', validation_status: 'INVALID' });
  const told = await messagesOf(world);
  const admins = [world.members.OWNER.email, world.members.ADMIN.email];
  expect(told.map(({ to }) => to)).toEqual(expect.arrayContaining(admins));
  expect(told[0]?.data).toMatchObject({ credential_id: credentialId, provider: 'OpenAI' });
  const since = (await rowOf(credentialId)).failingSince;
  await run();
  await validateAll({ customers: [world.customerId] });
  expect(await messagesOf(world)).toHaveLength(told.length);
  expect((await rowOf(credentialId)).failingSince).toEqual(since);
  await setAccount(account, { state: 'active' });
  expect((await run()).credential).toMatchObject({ health: 'HEALTHY', failing_since: null });
  await setAccount(account, { state: 'disabled' });
  await run();
  expect((await messagesOf(world)).length).toBe(told.length * 2);
  expect(await everythingOf(world)).not.toContain(account.secret.api_key);
});

test('one that never worked is no news to others where a person tests it; the weekly test tells of it', async () => {
  const world = await createWorld();
  const account = await azureAccount({ state: 'expired' });
  const { credentialId } = await storeAccount(world, account.secret);
  const { result } = await testCredential(world.as('ADMIN'), { credential_id: credentialId });
  expect(result.credential).toMatchObject({ health: 'EXPIRED', validation_status: 'EXPIRED' });
  expect(await messagesOf(world)).toEqual([]);
  const report = await validateAll({ customers: [world.customerId] });
  expect(report).toMatchObject({ expired: 1, credentials: [{ credential_id: credentialId, outcome: 'expired' }] });
  expect((await messagesOf(world)).length).toBeGreaterThanOrEqual(2);
  expect(await failingCredentials(world.as('VIEWER'))).toMatchObject([{ credential_id: credentialId }]);
});

test('an outage of the provider changes nothing but the report, whoever tests', async () => {
  const world = await createWorld();
  const account = await anthropicAccount();
  const { credentialId } = await storeAccount(world, account.secret);
  await testCredential(world.as('ADMIN'), { credential_id: credentialId });
  const before = await rowOf(credentialId);
  await setAccount(account, { state: 'down' });
  expect(await validateAll({ customers: [world.customerId] })).toMatchObject({ untested: 1, ok: 0, rejected: 0 });
  const { lastCheck, ...after } = await rowOf(credentialId);
  expect({ ...after, lastCheck: before.lastCheck }).toEqual(before);
  expect(lastCheck?.[0]?.message).toMatch(/^Anthropic could not be tested\./);
  expect([await messagesOf(world), await failingCredentials(world.as('VIEWER'))]).toEqual([[], []]);
});

test('what was found of a secret that is replaced meanwhile is dropped', async () => {
  const world = await createWorld();
  const [account, next] = await Promise.all([gcpAccount({ state: 'disabled' }), gcpAccount()]);
  const { credentialId } = await storeAccount(world, account.secret);
  const sealed = await sealSecret(parseSecret(next.secret, world.customerId), world.customerId, credentialId, 2);
  const tested = await db().transaction(async tx => {
    const mine = eq(cloudCredentials.credentialId, credentialId);
    await tx.select().from(cloudCredentials).where(mine).for('update');
    const answer = testCredential(world.as('ADMIN'), { credential_id: credentialId });
    // Asked outside of the transaction: inside, Postgres shows the connections of its first look alone.
    const { rows } = await tx.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
    const waiting = sql`SELECT pid FROM pg_stat_activity WHERE ${rows[0]?.pid}::int = ANY(pg_blocking_pids(pid))`;
    await vi.waitUntil(async () => (await db().execute(waiting)).rows.length > 0, { timeout: 20_000 });
    await tx.update(cloudCredentials).set({ encryptedCredentials: sealed, secretVersion: 2 }).where(mine);
    return { answer };
  });
  expect((await tested.answer).result).toMatchObject({ outcome: 'rejected', is_current: false });
  expect(await rowOf(credentialId)).toMatchObject({ validationStatus: null, failingSince: null, lastCheck: null });
  const again = await testCredential(world.as('ADMIN'), { credential_id: credentialId });
  expect(again.result).toMatchObject({ outcome: 'ok', is_current: true });
});

test('the weekly test reads the sound ones too, and one that cannot be opened stops no other', async () => {
  const world = await createWorld();
  const account = await openaiAccount();
  const sound = await storeAccount(world, account.secret);
  const damaged = await storeAccount(world, account.secret, { encryptedCredentials: Buffer.of(1, 2, 3) });
  await storeAccount(world, account.secret, { isActive: false });
  const { credentials, ...counts } = await validateAll({ customers: [world.customerId] });
  expect(counts).toEqual({ ok: 1, rejected: 0, expired: 0, untested: 0, replaced: 0, error: 1 });
  expect(credentials.map(({ credential_id, outcome }) => [credential_id, outcome])).toEqual([
    [damaged.credentialId, 'error'],
    [sound.credentialId, 'ok'],
  ]);
});

test('a person may test ten times a minute, a foreign and a deleted credential not at all', async () => {
  const [world, other] = await Promise.all([createWorld(), createWorld()]);
  const { secret } = await openaiAccount();
  const { credentialId } = await storeAccount(other, secret);
  const foreign = testCredential(world.as('ADMIN'), { credential_id: credentialId });
  await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
  const deleted = await storeAccount(world, secret, { isActive: false });
  const gone = testCredential(world.as('ADMIN'), { credential_id: deleted.credentialId });
  await expect(gone).rejects.toMatchObject({ code: 'not_found' });
  const many = Array.from({ length: testsOfCaller.points + 3 }, () => testSecret(world.as('ADMIN'), { secret }));
  const settled = await Promise.allSettled(many);
  const refused = settled.flatMap(one => (one.status === 'rejected' ? [one.reason] : []));
  expect(refused).toHaveLength(3);
  expect(refused[0]).toMatchObject({ code: 'rate_limited', retryAfterSeconds: expect.any(Number) });
  expect((await testSecret(world.as('OWNER'), { secret })).result.outcome).toBe('ok');
  await expect(testSecret(world.as('COLLABORATOR'), { secret })).rejects.toMatchObject({ code: 'forbidden' });
});
