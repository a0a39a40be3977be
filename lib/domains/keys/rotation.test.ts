import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { createKey, revokeKey } from '@/lib/domains/keys/commands';
import { endGrace, rotateKey } from '@/lib/domains/keys/rotation';
import { apiKeys } from '@/lib/domains/keys/tables';
import { lookUpKey } from '@/lib/domains/keys/verify';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

const hourMs = 3_600_000;
const input = { name: 'etl', scopes: ['runs:write', 'runs:read'], rate_limit_tier: 'ELEVATED' };
const afterMs = (ms: number) => () => new Date(Date.now() + ms);

async function worldWithKey(extra: object = {}) {
  const world = await createWorld();
  const { result } = await createKey(world.system, { ...input, ...extra });
  // The system, not a member: only a member's answer waits for the mirror.
  return { world, admin: world.system, id: result.key.api_key_id, text: result.secret.reveal() };
}
const keysOf = (world: World) => db().select().from(apiKeys).where(eq(apiKeys.customerId, world.customerId));

test('in its grace period the old key works beside the new one, and not a moment longer', async () => {
  const { admin, id, text } = await worldWithKey();
  const { result } = await rotateKey(admin, { api_key_id: id, grace_seconds: 3_600 });
  expect(result.replaced).toMatchObject({ api_key_id: id, status: 'REPLACED', replaced_by: result.key.api_key_id });
  expect(await lookUpKey(text)).toMatchObject({ valid: true });
  expect(await lookUpKey(result.secret.reveal())).toMatchObject({ valid: true });
  expect(await lookUpKey(text, afterMs(hourMs - 60_000))).toMatchObject({ valid: true });
  expect(await lookUpKey(text, afterMs(hourMs + 1_000))).toMatchObject({ valid: false, code: 'EXPIRED' });
  expect(await lookUpKey(result.secret.reveal(), afterMs(hourMs + 1_000))).toMatchObject({ valid: true });
});

test('the new key has the old one’s name, scopes, tier and length of life', async () => {
  const expiresAt = new Date(Date.now() + 30 * 24 * hourMs);
  const { admin, id } = await worldWithKey({ expires_at: expiresAt.toISOString() });
  const { result } = await rotateKey(admin, { api_key_id: id });
  const { name, scopes, rate_limit_tier, rotated_from } = result.key;
  expect({ name, scopes, rate_limit_tier, rotated_from }).toEqual({
    name: 'etl',
    scopes: ['runs:read', 'runs:write'],
    rate_limit_tier: 'ELEVATED',
    rotated_from: id,
  });
  expect(Math.abs((result.key.expires_at?.getTime() ?? 0) - expiresAt.getTime())).toBeLessThan(30_000);
});

test('without grace the old key stops with the rotation', async () => {
  const { admin, id, text } = await worldWithKey();
  const { result } = await rotateKey(admin, { api_key_id: id, grace_seconds: 0 });
  expect(result.replaced).toMatchObject({ status: 'REVOKED', deactivation_reason: 'Rotated' });
  expect(await lookUpKey(text)).toMatchObject({ valid: false, code: 'DISABLED' });
});

test('a grace period of 7 days ends with the old key’s own expiry', async () => {
  const expiresAt = new Date(Date.now() + 2 * hourMs);
  const { admin, id } = await worldWithKey({ expires_at: expiresAt.toISOString() });
  const { result } = await rotateKey(admin, { api_key_id: id, grace_seconds: 604_800 });
  expect(result.replaced.expires_at).toEqual(expiresAt);
});

test('ending the grace stops the old key at once; ending it again changes nothing', async () => {
  const { admin, id, text } = await worldWithKey();
  await rotateKey(admin, { api_key_id: id });
  const ended = await endGrace(admin, { api_key_id: id });
  expect(ended.result).toMatchObject({ status: 'REVOKED', deactivated_by: 'system' });
  expect(await lookUpKey(text)).toMatchObject({ valid: false, code: 'DISABLED' });
  expect((await endGrace(admin, { api_key_id: id })).result).toEqual(ended.result);
});

test('a key is rotated once: neither twice, nor revoked, nor 10 times at once', async () => {
  const { world, admin, id } = await worldWithKey();
  const attempts = await Promise.allSettled(Array.from({ length: 10 }, () => rotateKey(admin, { api_key_id: id })));
  expect(attempts.filter(attempt => attempt.status === 'fulfilled')).toHaveLength(1);
  await expect(rotateKey(admin, { api_key_id: id })).rejects.toMatchObject({ code: 'conflict', status: 409 });
  const [successor] = (await keysOf(world)).filter(key => key.rotatedFrom === id);
  await revokeKey(admin, { api_key_id: successor?.apiKeyId });
  await expect(rotateKey(admin, { api_key_id: successor?.apiKeyId })).rejects.toMatchObject({ code: 'conflict' });
  await expect(endGrace(admin, { api_key_id: successor?.apiKeyId })).rejects.toMatchObject({ code: 'conflict' });
  expect(await keysOf(world)).toHaveLength(2);
  const rotations = and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, 'api_key.rotate'));
  expect(await db().select().from(auditLog).where(rotations)).toHaveLength(1);
});

test('10 submissions of one rotation form make one new key, and each answer holds it', async () => {
  const { world, admin, id } = await worldWithKey();
  const form = { api_key_id: id, request_token: 'form-rotation' };
  const answers = await Promise.all(Array.from({ length: 10 }, () => rotateKey(admin, form)));
  expect(new Set(answers.map(answer => answer.result.secret.reveal())).size).toBe(1);
  expect(await keysOf(world)).toHaveLength(2);
});

test('an expired key may be rotated; it does not come back to life', async () => {
  const { world, id, text } = await worldWithKey({ expires_at: new Date(Date.now() + hourMs).toISOString() });
  const later: CustomerCtx = { ...world.system, clock: afterMs(2 * hourMs) };
  const { result } = await rotateKey(later, { api_key_id: id, grace_seconds: 604_800 });
  expect(result.replaced.status).toBe('EXPIRED');
  expect(await lookUpKey(text, afterMs(2 * hourMs))).toMatchObject({ valid: false, code: 'EXPIRED' });
});
