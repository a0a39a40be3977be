/** What POST /v1/keys/verify says of every kind of key. */
import { eq, sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { caller, customerKey, serviceKey, type TestKey } from '@/dev/testing/data-plane';
import { createWorld, type World } from '@/dev/testing/world';
import { customers } from '@/lib/domains/customers/tables';
import { revokeKey } from '@/lib/domains/keys/commands';
import { apiKeys } from '@/lib/domains/keys/tables';
import { flushKeyUses } from '@/lib/domains/keys/uses';
import { applyLimits } from '@/lib/domains/quotas/counters';
import { flushUsage } from '@/lib/domains/quotas/usage-counts';
import { app } from '@/lib/edge/v1/app';
import { verifyCodes } from '@/lib/edge/v1/routes/verify-key';
import { db } from '@/lib/platform/db';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));
let world: World;
let service: TestKey;

const verify = async (key: string, scope?: string) => {
  const json = scope === undefined ? { key } : { key, scope };
  const answer = await call('/v1/keys/verify', { method: 'POST', key: service.text, json });
  expect(answer.status).toBe(200);
  expect(answer.json.valid).toBe(answer.json.code === 'VALID');
  return answer.json;
};

beforeAll(async () => {
  world = await createWorld({ plan: 'PROFESSIONAL' });
  service = await serviceKey(['keys:verify']);
});

test('a good key is VALID with its customer, plan, scopes and place in its limits', async () => {
  const key = await customerKey(world, ['runs:write', 'runs:read'], 'STANDARD');
  const { customerId: customer_id, customer } = world;
  expect(await verify(key.text)).toMatchObject({
    code: 'VALID',
    customer_id,
    company_name: customer.companyName,
    plan: 'PROFESSIONAL',
    key_id: key.id,
    scopes: ['runs:read', 'runs:write'],
    expires_at: null,
    rate_limit: { tier: 'STANDARD', limit: 20, remaining: 19 },
  });
});

test('the scope asked for must be on the key', async () => {
  const key = await customerKey(world, ['runs:read']);
  expect(await verify(key.text, 'runs:read')).toMatchObject({ code: 'VALID' });
  expect(await verify(key.text, 'runs:write')).toMatchObject({ code: 'INSUFFICIENT_SCOPE', key_id: key.id });
});

test('an unknown key, a service key and nonsense are NOT_FOUND and tell nothing else', async () => {
  for (const text of [service.text, 'nonsense', `ty_live_${'x'.repeat(38)}`]) {
    expect(await verify(text)).toMatchObject({ code: 'NOT_FOUND', customer_id: null, key_id: null, scopes: [] });
  }
});

test('a revoked key is DISABLED, one past its expiry EXPIRED', async () => {
  const [revoked, expired] = [await customerKey(world), await customerKey(world)];
  await revokeKey(world.system, { api_key_id: revoked.id });
  const past = sql`clock_timestamp() - interval '1 second'`;
  await db().update(apiKeys).set({ expiresAt: past }).where(eq(apiKeys.apiKeyId, expired.id));
  expect(await verify(revoked.text)).toMatchObject({ code: 'DISABLED', key_id: revoked.id });
  expect(await verify(expired.text)).toMatchObject({ code: 'EXPIRED', key_id: expired.id });
});

test('a key of a suspended customer is CUSTOMER_SUSPENDED', async () => {
  const other = await createWorld();
  const key = await customerKey(other);
  await db().update(customers).set({ status: 'SUSPENDED' }).where(eq(customers.customerId, other.customerId));
  expect(await verify(key.text)).toMatchObject({ code: 'CUSTOMER_SUSPENDED', customer_id: other.customerId });
});

test('of many reasons the first in the documented order is said, and each next one once that is gone', async () => {
  const other = await createWorld();
  const key = await customerKey(other, ['runs:read'], 'STANDARD');
  const setKey = (columns: object) => db().update(apiKeys).set(columns).where(eq(apiKeys.apiKeyId, key.id));
  const setStatus = (status: 'SUSPENDED' | 'TRIAL') =>
    db().update(customers).set({ status }).where(eq(customers.customerId, other.customerId));
  await verify(key.text);
  await applyLimits(db(), other.customerId, { apiCallsMonthLimit: 0 });
  await flushUsage();
  await revokeKey(other.system, { api_key_id: key.id });
  await setKey({ expiresAt: sql`clock_timestamp()` });
  await setStatus('SUSPENDED');
  const said = [(await verify(key.text, 'runs:write')).code];
  await setKey({ isActive: true, deactivatedAt: null });
  said.push((await verify(key.text, 'runs:write')).code);
  await setKey({ expiresAt: null });
  said.push((await verify(key.text, 'runs:write')).code);
  await setStatus('TRIAL');
  said.push((await verify(key.text, 'runs:write')).code);
  const many = await Promise.all(Array.from({ length: 60 }, () => verify(key.text, 'runs:read')));
  said.push(many.find(verdict => verdict.code !== 'USAGE_EXCEEDED')?.code);
  await setKey({ rateLimitTier: 'UNLIMITED' });
  said.push((await verify(key.text, 'runs:read')).code);
  expect(said).toEqual(verifyCodes.slice(verifyCodes.indexOf('DISABLED')));
});

test('checks count against the key’s own rate limit', async () => {
  const key = await customerKey(world, undefined, 'STANDARD');
  const codes = (await Promise.all(Array.from({ length: 60 }, () => verify(key.text)))).map(verdict => verdict.code);
  expect(new Set(codes)).toEqual(new Set(['VALID', 'RATE_LIMITED']));
  expect(codes.filter(code => code === 'VALID').length).toBeLessThanOrEqual(40);
});

test('a customer over its monthly API calls is USAGE_EXCEEDED and its calls are 429 until the next month', async () => {
  const other = await createWorld();
  await applyLimits(db(), other.customerId, { apiCallsMonthLimit: 3 });
  const key = await customerKey(other);
  const ask = () => call('/v1/quota', { key: key.text });
  const run = await call('/v1/runs', {
    method: 'POST',
    key: key.text,
    json: { pipeline_id: 'p', trigger_type: 'api', trigger_by: 't' },
  });
  for (let used = 1; used < 3; used++) expect((await ask()).status).toBe(200);
  await flushUsage();
  expect(await verify(key.text)).toMatchObject({ code: 'USAGE_EXCEEDED', remaining: 0 });
  const refused = await ask();
  expect([refused.status, refused.json.code]).toEqual([429, 'usage_exceeded']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  const path = `/v1/runs/${run.json.pipeline_logging_id}/complete`;
  const ended = await call(path, { method: 'POST', key: key.text, json: { status: 'COMPLETED' } });
  expect(ended.status, 'a granted run may say how it ended').toBe(200);
  await applyLimits(db(), other.customerId, { apiCallsMonthLimit: null });
  await verify(key.text);
  await flushUsage();
  expect((await ask()).status).toBe(200);
});

test('a successful check is the key’s last use, a refused one is not', async () => {
  const [used, refused] = [await customerKey(world), await customerKey(world, ['runs:read'])];
  const lastUse = async (key: TestKey) =>
    (await db().select({ at: apiKeys.lastUsedAt }).from(apiKeys).where(eq(apiKeys.apiKeyId, key.id)))[0]?.at;
  await verify(used.text);
  await verify(refused.text, 'runs:write');
  await flushKeyUses();
  expect(await lastUse(used)).toBeInstanceOf(Date);
  expect(await lastUse(refused)).toBeNull();
});

test('of 1,000 checks in flight while the key is revoked, none sent after the revoke’s answer is VALID', async () => {
  const key = await customerKey(world);
  let revoked = false;
  const sent: { after: boolean; code: Promise<unknown> }[] = [];
  const revoking = revokeKey(world.system, { api_key_id: key.id }).then(() => {
    revoked = true;
  });
  while (sent.length < 1_000 || !revoked || sent.at(-1)?.after === false) {
    sent.push({ after: revoked, code: verify(key.text).then(verdict => verdict.code) });
    if (sent.length % 50 === 0) await new Promise(resolve => setImmediate(resolve));
  }
  await revoking;
  const late = await Promise.all(sent.filter(check => check.after).map(check => check.code));
  expect(late.length).toBeGreaterThan(0);
  expect(new Set(late)).toEqual(new Set(['DISABLED']));
});
