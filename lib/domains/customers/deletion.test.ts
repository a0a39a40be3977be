import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { requestDeletion, restoreOrganization } from '@/lib/domains/customers/deletion';
import { readOrganization } from '@/lib/domains/customers/organization';
import { notifications } from '@/lib/domains/notifications/tables';
import { startRun } from '@/lib/domains/quotas/reserve';
import { relayDeps } from '@/lib/edge/mirrors';
import type { Ctx } from '@/lib/kernel/ctx';
import { flushOnce } from '@/lib/kernel/relay/relay';
import { runStatement } from '@/lib/platform/bigquery';
import { db } from '@/lib/platform/db';
import { createWorld } from '@/lib/testing/world';

const dayMs = 86_400_000;
const later = (ctx: Ctx, days: number): Ctx => ({ ...ctx, clock: () => new Date(Date.now() + days * dayMs) });
const run = { pipeline_id: 'daily', trigger_type: 'api', trigger_by: 'test' } as const;

async function mirroredStatus(customerId: string): Promise<unknown> {
  await flushOnce(relayDeps(), { customers: [customerId] });
  const { rows } = await runStatement({
    name: 'test/deletion',
    sql: 'SELECT status FROM customers.customer_profiles WHERE customer_id = @id',
    parameters: { id: { type: 'STRING', value: customerId } },
  });
  return rows[0]?.status;
}

test('from the request on no run starts and reading goes on; restored, everything is as before', async () => {
  const world = await createWorld();
  const owner = world.as('OWNER');
  const { result } = await requestDeletion(owner, { confirm: ` ${world.customer.companyName} ` });
  const graceMs = Date.parse(result.deletion_due_at ?? '') - Date.parse(result.deletion_requested_at ?? '');
  expect(graceMs).toBe(30 * dayMs);
  expect(result).toMatchObject({ status: 'CANCELLED', deletion_requested_by: world.members.OWNER.email });
  await expect(startRun(world.system, run, {})).rejects.toMatchObject({ code: 'subscription_inactive' });
  expect(await readOrganization(world.as('VIEWER'))).toEqual(result);
  expect(await mirroredStatus(world.customerId)).toBe('CANCELLED');

  const told = () => db().select().from(notifications).where(eq(notifications.customerId, world.customerId));
  expect(await told()).toMatchObject([{ event: 'deletion_requested', recipient: world.members.OWNER.email }]);

  const restored = await restoreOrganization(later(owner, 29), {});
  expect((await told()).map(mail => mail.event).sort()).toEqual(['deletion_requested', 'deletion_withdrawn']);
  expect(restored.result).toMatchObject({ status: 'TRIAL', deletion_requested_at: null, deletion_due_at: null });
  expect((await startRun(world.system, run, {})).run.status).toBe('RUNNING');
  expect(await mirroredStatus(world.customerId)).toBe('TRIAL');
}, 60_000);

test('another name, an admin and a viewer delete nothing', async () => {
  const world = await createWorld();
  await expect(requestDeletion(world.as('OWNER'), { confirm: 'Another Name' })).rejects.toMatchObject({
    code: 'invalid_input',
    fields: [{ path: 'confirm' }],
  });
  for (const role of ['ADMIN', 'COLLABORATOR', 'VIEWER'] as const) {
    const confirm = { confirm: world.customer.companyName };
    await expect(requestDeletion(world.as(role), confirm)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(restoreOrganization(world.as(role), {})).rejects.toMatchObject({ code: 'forbidden' });
  }
  expect(await readOrganization(world.as('OWNER'))).toMatchObject({ status: 'TRIAL', deletion_requested_at: null });
});

test('asked for twice, the day it ends does not move', async () => {
  const world = await createWorld();
  const confirm = { confirm: world.customer.companyName };
  const first = await requestDeletion(world.as('OWNER'), confirm);
  const second = await requestDeletion(later(world.as('OWNER'), 5), confirm);
  expect(second.result.deletion_due_at).toBe(first.result.deletion_due_at);
});

test('after the 30 days it cannot be restored', async () => {
  const world = await createWorld();
  await requestDeletion(world.as('OWNER'), { confirm: world.customer.companyName });
  const late = restoreOrganization(later(world.as('OWNER'), 31), {});
  await expect(late).rejects.toMatchObject({ code: 'conflict' });
});
