import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { createKey } from '@/lib/domains/keys/commands';
import { deactivateExpired } from '@/lib/domains/keys/expiry';
import { deactivateExpiredJob } from '@/lib/domains/keys/jobs';
import { apiKeys } from '@/lib/domains/keys/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

const dayMs = 86_400_000;

test('the monthly task switches off what has expired, and only that; a second run finds nothing', async () => {
  const world = await createWorld();
  const make = async (days: number | null) => {
    const expires_at = days === null ? null : new Date(Date.now() + days * dayMs).toISOString();
    const { result } = await createKey(world.system, { name: `${days} days`, scopes: ['runs:read'], expires_at });
    return result.key.api_key_id;
  };
  const [short, long, never] = [await make(1), await make(40), await make(null)];
  const inAMonth = { ...world.system, clock: () => new Date(Date.now() + 30 * dayMs) };
  expect((await deactivateExpired(inAMonth, {})).result).toBe(1);
  expect((await deactivateExpired(inAMonth, {})).result).toBe(0);
  const rows = await db().select().from(apiKeys).where(eq(apiKeys.customerId, world.customerId));
  const active = Object.fromEntries(rows.map(row => [row.apiKeyId, row.isActive]));
  expect(active).toEqual({ [short]: false, [long]: true, [never]: true });
  expect(rows.find(row => row.apiKeyId === short)).toMatchObject({
    deactivatedBy: 'system',
    deactivationReason: 'Expired',
  });
  const audit = await db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, 'api_key.deactivate_expired')));
  expect(audit).toHaveLength(1);
  expect(audit[0]?.after).toMatchObject({ deactivated: [{ api_key_id: short }] });
});

test('a member cannot run the task', async () => {
  const world = await createWorld();
  await expect(deactivateExpired(world.as('OWNER'), {})).rejects.toMatchObject({ code: 'forbidden' });
});

test('the scheduled job finds the customers by itself', async () => {
  const world = await createWorld();
  const { result } = await createKey(world.system, { name: 'over', scopes: ['runs:read'] });
  const id = result.key.api_key_id;
  await db()
    .update(apiKeys)
    .set({ expiresAt: new Date(Date.now() - dayMs) })
    .where(eq(apiKeys.apiKeyId, id));
  const report = await deactivateExpiredJob.run(systemCtx('test'));
  expect(report.keys).toBeGreaterThanOrEqual(1);
  const [row] = await db().select().from(apiKeys).where(eq(apiKeys.apiKeyId, id));
  expect(row).toMatchObject({ isActive: false, deactivationReason: 'Expired' });
});
