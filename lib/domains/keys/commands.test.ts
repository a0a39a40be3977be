import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { createKey, renameKey, revokeKey, setKeyTier } from '@/lib/domains/keys/commands';
import { hashOfKey, kindOfKey } from '@/lib/domains/keys/key-format';
import { endGrace, rotateKey } from '@/lib/domains/keys/rotation';
import { sealedPlace } from '@/lib/domains/keys/stored-key';
import { apiKeys } from '@/lib/domains/keys/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import type { Permission, Role } from '@/lib/kernel/permissions';
import { open } from '@/lib/kernel/sealing';
import { auditDenials, auditLog, outbox } from '@/lib/kernel/tables';
import { db, pool } from '@/lib/platform/db';

const input = { name: 'ci-loader', scopes: ['runs:write', 'quota:read'] };
const stored = async (id: string) => (await db().select().from(apiKeys).where(eq(apiKeys.apiKeyId, id)))[0];
const auditOf = (world: World, action: string) =>
  db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, action)))
    .orderBy(auditLog.sequence);
const keyCtx = (world: World, scopes: string[], id = 'a-key'): CustomerCtx => ({
  ...world.as('OWNER'),
  actor: { type: 'api_key', id, name: 'automation', scopes },
});

test('a new key is stored as its SHA-256 and sealed, with who made it and when', async () => {
  const world = await createWorld();
  const { result } = await createKey(world.as('ADMIN'), { ...input, expires_at: '2030-01-01T00:00:00Z' });
  const text = result.secret.reveal();
  const row = await stored(result.key.api_key_id);
  expect(kindOfKey(text)).toBe('customer');
  expect(row).toMatchObject({
    customerId: world.customerId,
    apiKeyHash: hashOfKey(text),
    keyName: 'ci-loader',
    scopes: ['runs:write', 'quota:read'],
    keyPrefix: text.slice(0, 12),
    keyLast4: text.slice(-4),
    expiresAt: new Date('2030-01-01T00:00:00Z'),
    lastUsedAt: null,
    isActive: true,
    rateLimitTier: 'STANDARD',
    createdBy: world.members.ADMIN.email,
    updatedBy: world.members.ADMIN.email,
  });
  const opened = await open(
    row?.encryptedApiKey ?? Buffer.alloc(0),
    sealedPlace(world.customerId, result.key.api_key_id),
  );
  expect(opened.toString()).toBe(text);
});

test('a new key goes to both of its BigQuery tables', async () => {
  const world = await createWorld();
  const { result } = await createKey(world.system, input);
  const { rows } = await pool().query<{ mirror: string }>(
    `SELECT mirror FROM outbox WHERE key = $1 UNION SELECT mirror FROM outbox_dead WHERE key = $1`,
    [result.key.api_key_id],
  );
  // A relay may run beside this test and have sent them already; then they are gone from both tables together.
  const names = rows.map(row => row.mirror).sort();
  expect([[], ['customers.customer_api_keys', 'tenant.api_keys']]).toContainEqual(names);
});

test('no table of the database holds the plain text of a key, nor its middle', async () => {
  const world = await createWorld();
  const { result } = await createKey(world.system, { ...input, request_token: 'form-12345678' });
  const rotated = await rotateKey(world.system, { api_key_id: result.key.api_key_id });
  const { rows: tables } = await pool().query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  expect(tables.length).toBeGreaterThan(10);
  for (const secret of [result.secret.reveal(), rotated.result.secret.reveal()]) {
    const middle = secret.slice(13, 40);
    const forms = [middle, Buffer.from(middle).toString('hex')];
    for (const { name } of tables) {
      for (const form of forms) {
        const { rows } = await pool().query(`SELECT 1 FROM ${name} t WHERE strpos(t::text, $1) > 0 LIMIT 1`, [form]);
        expect(rows, `${name} holds ${form}`).toEqual([]);
      }
    }
  }
}, 60_000);

test('each change leaves one audit row without hash, ciphertext or plain text', async () => {
  const world = await createWorld();
  const admin = keyCtx(world, ['keys:write', ...input.scopes]);
  const { result } = await createKey(admin, input);
  const id = result.key.api_key_id;
  await renameKey(admin, { api_key_id: id, name: 'loader' });
  const rotated = await rotateKey(admin, { api_key_id: id, grace_seconds: 3_600 });
  await endGrace(admin, { api_key_id: id });
  await revokeKey(admin, { api_key_id: rotated.result.key.api_key_id, reason: 'left the company' });
  const rows = await db().select().from(auditLog).where(eq(auditLog.customerId, world.customerId));
  const ours = rows.filter(row => row.action.startsWith('api_key.')).sort((a, b) => a.sequence - b.sequence);
  expect(ours.map(row => row.action)).toEqual([
    'api_key.create',
    'api_key.rename',
    'api_key.rotate',
    'api_key.end_grace',
    'api_key.revoke',
  ]);
  expect(ours.every(row => row.actorId === 'a-key' && row.outcome === 'ok')).toBe(true);
  expect(ours[1]).toMatchObject({ targetId: id, before: { name: 'ci-loader' }, after: { name: 'loader' } });
  expect(ours[4]?.after).toMatchObject({ status: 'REVOKED', deactivation_reason: 'left the company' });
  const text = JSON.stringify(rows);
  for (const secret of [result.secret.reveal(), rotated.result.secret.reveal()]) {
    expect(text).not.toContain(secret.slice(13, 40));
    expect(text).not.toContain(hashOfKey(secret));
  }
});

const writers: Role[] = ['OWNER', 'ADMIN'];
const readers: Role[] = ['COLLABORATOR', 'VIEWER'];

test.each(writers)('%s may create, rename, rotate and revoke', async role => {
  const world = await createWorld();
  const { result } = await createKey(world.as(role), input);
  const id = result.key.api_key_id;
  await expect(renameKey(world.as(role), { api_key_id: id, name: 'x' })).resolves.toMatchObject({
    result: { name: 'x' },
  });
  const { result: rotated } = await rotateKey(world.as(role), { api_key_id: id });
  await expect(revokeKey(world.as(role), { api_key_id: rotated.key.api_key_id })).resolves.toMatchObject({
    result: { status: 'REVOKED' },
  });
});

test.each(readers)('%s may change no key, and the refusals are counted', async role => {
  const world = await createWorld();
  const { result } = await createKey(world.system, input);
  const before = await stored(result.key.api_key_id);
  const byId = { api_key_id: result.key.api_key_id };
  const attempts = [
    () => createKey(world.as(role), input),
    () => renameKey(world.as(role), { ...byId, name: 'mine' }),
    () => rotateKey(world.as(role), byId),
    () => endGrace(world.as(role), byId),
    () => revokeKey(world.as(role), byId),
    () => setKeyTier(world.as(role), { ...byId, rate_limit_tier: 'UNLIMITED', reason: 'because' }),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'forbidden', status: 403 });
  expect(await stored(result.key.api_key_id)).toEqual(before);
  const denials = await db().select().from(auditDenials).where(eq(auditDenials.customerId, world.customerId));
  expect(denials).toHaveLength(attempts.length);
});

test('a key of another customer is not found, and stays as it was', async () => {
  const [mine, other] = await Promise.all([createWorld(), createWorld()]);
  const { result } = await createKey(other.system, input);
  const before = await stored(result.key.api_key_id);
  const foreign = { api_key_id: result.key.api_key_id };
  const owner = mine.as('OWNER');
  const attempts = [
    () => renameKey(owner, { ...foreign, name: 'mine' }),
    () => rotateKey(owner, foreign),
    () => endGrace(owner, foreign),
    () => revokeKey(owner, foreign),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'not_found', status: 404 });
  expect(await stored(result.key.api_key_id)).toEqual(before);
});

test('an API key cannot mint a key with a scope it lacks, nor get one by rotation', async () => {
  const world = await createWorld();
  const weak = keyCtx(world, ['keys:write', 'quota:read']);
  const { result: strong } = await createKey(world.system, input);
  await expect(createKey(weak, input)).rejects.toMatchObject({
    code: 'insufficient_scope',
    fields: [{ path: 'scopes' }],
  });
  await expect(rotateKey(weak, { api_key_id: strong.key.api_key_id })).rejects.toMatchObject({
    code: 'insufficient_scope',
  });
  const { result } = await createKey(weak, { name: 'weaker', scopes: ['quota:read'] });
  expect(result.key).toMatchObject({ scopes: ['quota:read'], created_by: 'api_key:a-key' });
  await expect(revokeKey(weak, { api_key_id: strong.key.api_key_id })).resolves.toMatchObject({
    result: { status: 'REVOKED', deactivated_by: 'api_key:a-key' },
  });
});

test('an API key gives no higher rate than it has, neither to a new key nor by rotation', async () => {
  const world = await createWorld();
  const own = async (tier: 'STANDARD' | 'ELEVATED') => {
    const scopes: Permission[] = ['keys:write', 'quota:read'];
    const { result } = await createKey(world.system, { name: tier, scopes, rate_limit_tier: tier });
    return { id: result.key.api_key_id, ctx: keyCtx(world, scopes, result.key.api_key_id) };
  };
  const [slow, fast] = [await own('STANDARD'), await own('ELEVATED')];
  const wanted = { name: 'fast', scopes: ['quota:read'], rate_limit_tier: 'ELEVATED' };
  await expect(createKey(slow.ctx, wanted)).rejects.toMatchObject({
    code: 'insufficient_scope',
    message: 'A key of the tier STANDARD cannot give ELEVATED.',
    fields: [{ path: 'rate_limit_tier' }],
  });
  await expect(rotateKey(slow.ctx, { api_key_id: fast.id })).rejects.toMatchObject({ code: 'insufficient_scope' });
  expect((await stored(fast.id))?.replacedBy).toBeNull();
  expect((await createKey(fast.ctx, wanted)).result.key.rate_limit_tier).toBe('ELEVATED');
  expect((await rotateKey(fast.ctx, { api_key_id: slow.id })).result.key.rate_limit_tier).toBe('STANDARD');
});

test('only support gives the UNLIMITED tier, and the customer’s audit log shows it', async () => {
  const world = await createWorld();
  const unlimited = { ...input, rate_limit_tier: 'UNLIMITED' };
  await expect(createKey(world.as('OWNER'), unlimited)).rejects.toMatchObject({
    fields: [{ path: 'rate_limit_tier' }],
  });
  const { result } = await createKey(world.system, { ...input, rate_limit_tier: 'ELEVATED' });
  const staff: CustomerCtx = { ...world.as('OWNER'), actor: { type: 'staff', id: 'sam@example.com' } };
  const raise = { api_key_id: result.key.api_key_id, rate_limit_tier: 'UNLIMITED', reason: 'bulk import' };
  await expect(setKeyTier(world.as('OWNER'), raise)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(setKeyTier(staff, raise)).resolves.toMatchObject({ result: { rate_limit_tier: 'UNLIMITED' } });
  const [entry] = await auditOf(world, 'api_key.set_tier');
  expect(entry).toMatchObject({
    actorType: 'staff',
    after: { reason: 'bulk import' },
    before: { rate_limit_tier: 'ELEVATED' },
  });
});

test('an expiry in the past or beyond 5 years is refused and nothing is written', async () => {
  const world = await createWorld();
  for (const expires_at of ['2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z']) {
    const attempt = createKey(world.as('OWNER'), { ...input, expires_at });
    await expect(attempt).rejects.toMatchObject({ code: 'invalid_input', fields: [{ path: 'expires_at' }] });
  }
  expect(await db().select().from(apiKeys).where(eq(apiKeys.customerId, world.customerId))).toEqual([]);
});

test('revoking or renaming again changes nothing and leaves no second audit row', async () => {
  const world = await createWorld();
  const admin = world.system;
  const { result } = await createKey(admin, input);
  const byId = { api_key_id: result.key.api_key_id };
  const first = await revokeKey(admin, { ...byId, reason: 'leaked' });
  const row = await stored(byId.api_key_id);
  const again = await revokeKey(world.as('OWNER'), { ...byId, reason: 'another reason' });
  expect(again.result).toEqual(first.result);
  await renameKey(admin, { ...byId, name: input.name });
  expect(await stored(byId.api_key_id)).toEqual(row);
  expect(await auditOf(world, 'api_key.revoke')).toHaveLength(1);
  expect(await auditOf(world, 'api_key.rename')).toHaveLength(0);
});

test('20 submissions of one form make one key, and each answer holds it', async () => {
  const world = await createWorld();
  const form = { ...input, request_token: 'form-abcdefgh' };
  const answers = await Promise.all(Array.from({ length: 20 }, () => createKey(world.as('OWNER'), form)));
  expect(new Set(answers.map(answer => answer.result.secret.reveal())).size).toBe(1);
  expect(await db().select().from(apiKeys).where(eq(apiKeys.customerId, world.customerId))).toHaveLength(1);
  expect(await auditOf(world, 'api_key.create')).toHaveLength(1);
});

test('a form that was changed and sent again is told that it made its key; no second one, no secret', async () => {
  const world = await createWorld();
  const form = { ...input, request_token: 'form-abcdefgh' };
  await createKey(world.as('OWNER'), form);
  await expect(createKey(world.as('OWNER'), { ...form, name: 'another one' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(input.name),
  });
  expect(await db().select().from(apiKeys).where(eq(apiKeys.customerId, world.customerId))).toHaveLength(1);
});

test('a form sent again later, or by someone else, does not show the key again', async () => {
  const world = await createWorld();
  const form = { ...input, request_token: 'form-abcdefgh' };
  const { result } = await createKey(world.as('OWNER'), form);
  const later: CustomerCtx = { ...world.as('OWNER'), clock: () => new Date(Date.now() + 11_000) };
  for (const ctx of [later, world.as('ADMIN')]) {
    await expect(createKey(ctx, form)).rejects.toMatchObject({
      code: 'conflict',
      details: { api_key_id: result.key.api_key_id },
    });
  }
});

test('the outbox gets no row from a command that was refused', async () => {
  const world = await createWorld();
  const pending = () =>
    db()
      .select()
      .from(outbox)
      .where(and(eq(outbox.customerId, world.customerId), eq(outbox.mirror, 'tenant.api_keys')));
  await expect(createKey(world.as('VIEWER'), input)).rejects.toThrow();
  await expect(createKey(world.as('OWNER'), { ...input, name: '' })).rejects.toThrow();
  expect(await pending()).toEqual([]);
});
