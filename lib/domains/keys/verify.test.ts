import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { createKey, revokeKey } from '@/lib/domains/keys/commands';
import { newKeyText } from '@/lib/domains/keys/key-format';
import { createServiceKey, listServiceKeys, revokeServiceKey } from '@/lib/domains/keys/service-keys';
import { type KeyCheck, lookUpKey } from '@/lib/domains/keys/verify';
import { auditLog } from '@/lib/kernel/tables';
import { db, pool } from '@/lib/platform/db';

const input = { name: 'ci-loader', scopes: ['runs:write'] };

test('a working key names its holder: customer, dataset, plan, status, scopes, tier', async () => {
  const world = await createWorld({ plan: 'PROFESSIONAL' });
  const { result } = await createKey(world.system, { ...input, expires_at: '2030-01-01T00:00:00Z' });
  expect(await lookUpKey(result.secret.reveal())).toEqual({
    valid: true,
    holder: {
      kind: 'customer',
      keyId: result.key.api_key_id,
      name: 'ci-loader',
      customerId: world.customerId,
      tenantDatasetId: world.tenantDatasetId,
      companyName: world.customer.companyName,
      scopes: ['runs:write'],
      rateLimitTier: 'STANDARD',
      expiresAt: new Date('2030-01-01T00:00:00Z'),
      plan: 'PROFESSIONAL',
      customerStatus: 'TRIAL',
    },
  });
});

test('unknown and misspelt keys are not found', async () => {
  expect(await lookUpKey(newKeyText('customer').secret.reveal())).toEqual({ valid: false, code: 'NOT_FOUND' });
  expect(await lookUpKey('ty_live_nonsense')).toEqual({ valid: false, code: 'NOT_FOUND' });
  expect(await lookUpKey(`ty_live_${"'; DROP TABLE api_keys; --".padEnd(38, '0')}`)).toEqual({
    valid: false,
    code: 'NOT_FOUND',
  });
});

test('a key without expiry works in a hundred years; one with it works until that instant', async () => {
  const world = await createWorld();
  const expiresAt = new Date(Date.now() + 3_600_000);
  const forever = (await createKey(world.system, input)).result.secret.reveal();
  const hour = (
    await createKey(world.system, { ...input, expires_at: expiresAt.toISOString() })
  ).result.secret.reveal();
  expect(await lookUpKey(forever, () => new Date('2126-01-01T00:00:00Z'))).toMatchObject({ valid: true });
  expect(await lookUpKey(hour, () => new Date(expiresAt.getTime() - 1))).toMatchObject({ valid: true });
  expect(await lookUpKey(hour, () => expiresAt)).toMatchObject({ valid: false, code: 'EXPIRED' });
});

test('1,000 checks in flight while the key is revoked: none that started after the answer is accepted', async () => {
  const world = await createWorld();
  const { result } = await createKey(world.as('OWNER'), input);
  const text = result.secret.reveal();
  let revokedAt = Number.POSITIVE_INFINITY;
  const seen: { startedAt: number; check: KeyCheck }[] = [];
  const checker = async () => {
    while (performance.now() < revokedAt + 300) {
      const startedAt = performance.now();
      seen.push({ startedAt, check: await lookUpKey(text) });
    }
  };
  const checkers = Array.from({ length: 1_000 }, checker);
  await new Promise(resolve => setTimeout(resolve, 200));
  await revokeKey(world.system, { api_key_id: result.key.api_key_id });
  revokedAt = performance.now();
  await Promise.all(checkers);
  const acceptedAfter = seen.filter(({ startedAt, check }) => startedAt > revokedAt && check.valid);
  expect(acceptedAfter).toEqual([]);
  expect(seen.filter(({ check }) => check.valid).length).toBeGreaterThan(1_000);
  expect(seen.filter(({ startedAt }) => startedAt > revokedAt).length).toBeGreaterThan(1_000);
  expect(seen.filter(({ check }) => !check.valid).every(({ check }) => !check.valid && check.code === 'DISABLED')).toBe(
    true,
  );
});

test('2,000 checks at once of 20 keys are each answered with their own key, in few statements', async () => {
  const world = await createWorld();
  const made = await Promise.all(Array.from({ length: 20 }, () => createKey(world.system, input)));
  const query = pool().query;
  let statements = 0;
  pool().query = ((...args: Parameters<typeof query>) => {
    statements++;
    return query.apply(pool(), args);
  }) as typeof query;
  try {
    const answers = await Promise.all(
      Array.from({ length: 2_000 }, async (_, index) => {
        const { result } = made[index % 20] as (typeof made)[number];
        const check = await lookUpKey(result.secret.reveal());
        return check.valid && check.holder.keyId === result.key.api_key_id;
      }),
    );
    expect(answers.every(Boolean)).toBe(true);
    expect(statements).toBeLessThan(20);
  } finally {
    pool().query = query;
  }
});

test('when the database refuses, every waiting check fails, and the next one works', async () => {
  const world = await createWorld();
  const { result } = await createKey(world.system, input);
  const query = pool().query;
  pool().query = (() => Promise.reject(new Error('Connection terminated'))) as unknown as typeof query;
  const failed = await Promise.allSettled(Array.from({ length: 50 }, () => lookUpKey(result.secret.reveal()))).finally(
    () => {
      pool().query = query;
    },
  );
  expect(failed.every(answer => answer.status === 'rejected')).toBe(true);
  expect(await lookUpKey(result.secret.reveal())).toMatchObject({ valid: true });
});

test('a service key is made by the operator only, belongs to no customer, and stops when revoked', async () => {
  const world = await createWorld();
  const staff = {
    ...world.system,
    customerId: null,
    tenantDatasetId: null,
    actor: { type: 'staff', id: `${world.customerId}@example.com` },
  } as const;
  const service = { name: 'verifier', scopes: ['keys:verify', 'runs:any'] };
  await expect(createServiceKey(world.as('OWNER'), service)).rejects.toMatchObject({ code: 'forbidden' });
  const { result } = await createServiceKey(staff, service);
  const text = result.secret.reveal();
  expect(await lookUpKey(text)).toMatchObject({
    valid: true,
    holder: { kind: 'service', scopes: ['keys:verify', 'runs:any'] },
  });
  expect((await listServiceKeys(staff)).map(key => key.api_key_id)).toContain(result.key.api_key_id);
  await expect(listServiceKeys(world.as('OWNER'))).rejects.toMatchObject({ code: 'forbidden' });
  await expect(revokeServiceKey(world.as('OWNER'), { api_key_id: result.key.api_key_id })).rejects.toMatchObject({
    code: 'forbidden',
  });
  const first = await revokeServiceKey(staff, { api_key_id: result.key.api_key_id });
  expect((await revokeServiceKey(staff, { api_key_id: result.key.api_key_id })).result).toEqual(first.result);
  expect(await lookUpKey(text)).toMatchObject({ valid: false, code: 'DISABLED' });
  const audit = await db().select().from(auditLog).where(eq(auditLog.actorId, staff.actor.id));
  expect(audit.map(row => row.action).sort()).toEqual(['service_key.create', 'service_key.revoke']);
  expect(JSON.stringify(audit)).not.toContain(text.slice(12, 40));
});
