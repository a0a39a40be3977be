/** Fetching a stored secret: who gets it, which version, what is left behind, and what never opens. */
import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { secretOf, serviceAccountFile, storedCredential } from '@/dev/testing/credentials/secrets';
import { createWorld, type World } from '@/dev/testing/world';
import { deleteCredential } from '@/lib/domains/credentials/commands';
import { fetchCredential, fetchRule } from '@/lib/domains/credentials/fetch';
import { wipeEndedOverlaps } from '@/lib/domains/credentials/overlaps';
import { endOverlap, rotateCredential } from '@/lib/domains/credentials/rotation';
import { awsExternalId } from '@/lib/domains/credentials/rules';
import { type CloudCredential, cloudCredentials } from '@/lib/domains/credentials/tables';
import { mirrorUsage } from '@/lib/domains/credentials/usage';
import { createKey } from '@/lib/domains/keys/commands';
import { rotateKey } from '@/lib/domains/keys/rotation';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import type { Actor, CustomerCtx } from '@/lib/kernel/ctx';
import { auditLog, outbox } from '@/lib/kernel/tables';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

/** A key of the customer as its call arrives. */
async function keyOf(world: World, credentialIds: string[] | null = null): Promise<CustomerCtx> {
  const scopes = ['credentials:read'];
  const { result } = await createKey(world.system, { name: 'worker', scopes, credential_ids: credentialIds });
  return asKey(world, result.key.api_key_id);
}
const asKey = (world: World, id: string): CustomerCtx => {
  const actor: Actor = { type: 'api_key', id, name: 'worker', scopes: ['credentials:read'] };
  return { ...world.system, actor };
};

const rowOf = async (id: string): Promise<CloudCredential> => {
  const [row] = await db().select().from(cloudCredentials).where(eq(cloudCredentials.credentialId, id));
  if (!row) throw new Error('no such credential');
  return row;
};
const change = (id: string, columns: Partial<CloudCredential>) =>
  db().update(cloudCredentials).set(columns).where(eq(cloudCredentials.credentialId, id));
const notFound = { code: 'not_found' };

test('a worker gets each kind of secret in the fields that its provider knows', async () => {
  const world = await createWorld();
  const key = await keyOf(world);
  const file = serviceAccountFile({ extra: 'left out' });
  const gcp = await storedCredential(world, { secret: { kind: 'gcp_service_account', service_account_json: file } });
  const { auth_uri: _uri, extra: _extra, ...kept } = JSON.parse(file);
  expect(await fetchCredential(key, {}, gcp.id)).toMatchObject({
    credential_id: gcp.id,
    version: 1,
    secret: kept,
    project_id: 'acme-data',
    previous: null,
  });
  const role = await storedCredential(world, { secret: secretOf.aws_role() });
  expect(await fetchCredential(key, {}, role.id)).toMatchObject({
    secret: { external_id: awsExternalId(world.customerId), region: 'us-east-1' },
    account_id: '123456789012',
  });
  const service: Actor = { type: 'service', id: newUuid(), name: 'worker', scopes: ['credentials:read'] };
  expect((await fetchCredential({ ...world.system, actor: service }, {}, role.id)).version).toBe(1);
});

test('a person never gets a secret, whatever the role, and neither does a job', async () => {
  const world = await createWorld();
  const { id } = await storedCredential(world);
  for (const ctx of [world.as('OWNER'), world.as('VIEWER'), world.system])
    await expect(fetchCredential(ctx, {}, id)).rejects.toMatchObject({ code: 'forbidden' });
  expect((await rowOf(id)).usageCount).toBe(0);
});

test('a foreign, deleted or unknown credential is not found, and a bound key finds only its own', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const [foreign, gone, bound, free] = [
    await storedCredential(other),
    await storedCredential(world),
    await storedCredential(world),
    await storedCredential(world),
  ];
  await deleteCredential(world.system, { credential_id: gone.id });
  const key = await keyOf(world);
  for (const id of [foreign.id, gone.id, newUuid()])
    await expect(fetchCredential(key, {}, id)).rejects.toMatchObject(notFound);
  const narrow = await keyOf(world, [bound.id]);
  expect((await fetchCredential(narrow, {}, bound.id)).credential_id).toBe(bound.id);
  await expect(fetchCredential(narrow, {}, free.id)).rejects.toMatchObject(notFound);
  const { result } = await rotateKey(world.system, { api_key_id: narrow.actor.id, grace_seconds: 0 });
  expect(result.key.credential_ids).toEqual([bound.id]);
  await expect(fetchCredential(asKey(world, result.key.api_key_id), {}, free.id)).rejects.toMatchObject(notFound);
});

test('a key is bound to credentials of its own customer only, and a bound key makes no wider one', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const [own, foreign] = [await storedCredential(world), await storedCredential(other)];
  await expect(keyOf(world, [own.id, foreign.id])).rejects.toMatchObject({
    code: 'invalid_input',
    fields: [{ path: 'credential_ids.1' }],
  });
  const { actor } = await keyOf(world, [own.id]);
  const scopes = ['keys:write', 'credentials:read'];
  const caller: CustomerCtx = { ...world.system, actor: { ...actor, type: 'api_key', name: 'worker', scopes } };
  const make = (credential_ids: string[] | null) =>
    createKey(caller, { name: 'child', scopes: ['credentials:read'], credential_ids });
  await expect(make(null)).rejects.toMatchObject({ code: 'insufficient_scope', fields: [{ path: 'credential_ids' }] });
  const wide = await keyOf(world);
  const rotate = rotateKey(caller, { api_key_id: wide.actor.id, grace_seconds: 0 });
  await expect(rotate).rejects.toMatchObject({ code: 'insufficient_scope' });
  expect((await make([own.id])).result.key.credential_ids).toEqual([own.id]);
});

test('a ciphertext of another customer’s row, of another column or version, or with one bit flipped does not open', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const [a, b] = [await storedCredential(other), await storedCredential(world)];
  const key = await keyOf(world);
  const own = (await rowOf(b.id)).encryptedCredentials;
  const flipped = Buffer.from(own);
  flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
  const apiKey = await createKey(world.system, { name: 'k', scopes: ['runs:read'] });
  const { rows } = await db().execute<{ sealed: Buffer }>(
    `SELECT encrypted_api_key AS sealed FROM api_keys WHERE api_key_id = '${apiKey.result.key.api_key_id}'`,
  );
  const wrong: Partial<CloudCredential>[] = [
    { encryptedCredentials: (await rowOf(a.id)).encryptedCredentials },
    { encryptedCredentials: rows[0]?.sealed ?? Buffer.alloc(0) },
    { encryptedCredentials: flipped },
    { encryptedCredentials: own, secretVersion: 2 },
  ];
  for (const columns of wrong) {
    await change(b.id, columns);
    const error = await fetchCredential(key, {}, b.id).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).not.toContain('sk-');
  }
  await change(b.id, { encryptedCredentials: own, secretVersion: 1 });
  expect((await fetchCredential(key, {}, b.id)).secret).toMatchObject({ api_key: expect.stringMatching(/^sk-/) });
});

test('after a rotation the old secret is fetched by its version until the overlap ends, then is wiped', async () => {
  const world = await createWorld();
  const { id, secret } = await storedCredential(world);
  const key = await keyOf(world);
  const next = secretOf.openai_api_key();
  const { result } = await rotateCredential(world.as('ADMIN'), {
    credential_id: id,
    secret: next,
    overlap_seconds: 3_600,
  });
  expect(result.secret_version).toBe(2);
  const again = await rotateCredential(world.as('ADMIN'), { credential_id: id, secret: next, overlap_seconds: 3_600 });
  expect(again.result).toMatchObject({ secret_version: 2, previous_until: result.previous_until });
  const newest = await fetchCredential(key, {}, id);
  expect(newest).toMatchObject({ version: 2, previous: { version: 1, valid_until: result.previous_until } });
  expect(newest.secret).toEqual({ api_key: (next as { api_key: string }).api_key });
  const old = await fetchCredential(key, { version: '1' }, id);
  expect(old.secret).toEqual({ api_key: (secret as { api_key: string }).api_key });
  await expect(fetchCredential(key, { version: '3' }, id)).rejects.toMatchObject(notFound);
  const later = () => new Date(Date.now() + 3_601_000);
  await expect(fetchCredential({ ...key, clock: later }, { version: '1' }, id)).rejects.toMatchObject(notFound);
  expect((await wipeEndedOverlaps(later)).secrets).toBeGreaterThanOrEqual(1);
  expect(await rowOf(id)).toMatchObject({ previousCredentials: null, previousVersion: null, previousUntil: null });
});

test('an overlap can be ended at once', async () => {
  const world = await createWorld();
  const { id } = await storedCredential(world);
  const key = await keyOf(world);
  await rotateCredential(world.system, { credential_id: id, secret: secretOf.openai_api_key() });
  const { result } = await endOverlap(world.as('OWNER'), { credential_id: id });
  expect(result.previous_until).toBeNull();
  await expect(fetchCredential(key, { version: 1 }, id)).rejects.toMatchObject(notFound);
  expect((await endOverlap(world.as('OWNER'), { credential_id: id })).result.updated_at).toEqual(result.updated_at);
});

test('every fetch is counted, those of one minute leave one audit row, and beyond 60 a minute they are refused', async () => {
  const world = await createWorld();
  const { id, secret } = await storedCredential(world);
  const at = new Date(Math.floor(Date.now() / 60_000) * 60_000 + 1_000);
  const key: CustomerCtx = { ...(await keyOf(world)), clock: () => at };
  const fetches = Array.from({ length: fetchRule.points + 5 }, () => fetchCredential(key, {}, id));
  const outcomes = await Promise.allSettled(fetches);
  const refused = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(refused).toHaveLength(5);
  expect(refused[0]).toMatchObject({ code: 'rate_limited', retryAfterSeconds: expect.any(Number) });
  expect(await rowOf(id)).toMatchObject({ usageCount: fetchRule.points, lastUsedAt: at });
  const mine = and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, 'credential.fetch'));
  const rows = await db().select().from(auditLog).where(mine);
  expect(rows).toMatchObject([{ actorId: key.actor.id, targetId: id, outcome: 'ok', after: { version: 1 } }]);
  expect(JSON.stringify(rows)).not.toContain((secret as { api_key: string }).api_key);
});

test('BigQuery is told of uses once in five minutes, and gets a row that opens only in its own place', async () => {
  const world = await createWorld();
  const { id } = await storedCredential(world, { secret: secretOf.gcp_service_account() });
  const key = await keyOf(world);
  const waiting = async () => {
    const own = and(eq(outbox.customerId, world.customerId), eq(outbox.key, id));
    return (await db().select().from(outbox).where(own)).length;
  };
  const flush = () => flushOnce(relayDeps(), { customers: [world.customerId], lockWaitMs: 20_000 });
  await flush();
  await fetchCredential(key, {}, id);
  const first = await waiting();
  await fetchCredential(key, {}, id);
  expect([first, await waiting()]).toEqual([1, 1]);
  await flush();
  expect(await mirrorUsage(new Date())).toBeGreaterThanOrEqual(1);
  await flush();
  const [rows] = await bigquery().query({
    query: 'SELECT * FROM customers.customer_cloud_credentials WHERE credential_id = @id',
    params: { id },
  });
  const stored = await rowOf(id);
  expect(rows).toMatchObject([
    { customer_id: world.customerId, kind: 'gcp_service_account', secret_version: 1, is_active: true },
  ]);
  expect(Number(rows[0].usage_count)).toBe(2);
  expect(Buffer.from(rows[0].encrypted_credentials).equals(stored.encryptedCredentials)).toBe(true);
  expect(JSON.stringify(rows)).not.toContain('PRIVATE KEY');
});
