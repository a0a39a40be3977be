import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { customers } from '@/lib/domains/customers/tables';
import { notifications } from '@/lib/domains/notifications/tables';
import { requestDeletion, restoreOrganization } from '@/lib/domains/organizations/deletion';
import { readOrganization, updateOrganization } from '@/lib/domains/organizations/settings';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { teamMembers } from '@/lib/domains/team/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import type { Ctx } from '@/lib/kernel/ctx';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

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

/** Runs the change while another transaction holds the organization and hands it over; answers how the change ended. */
async function behindTransfer(world: World, change: () => Promise<unknown>): Promise<unknown> {
  let waiting: Promise<unknown> = Promise.resolve();
  await db().transaction(async tx => {
    await tx.select().from(customers).where(eq(customers.customerId, world.customerId)).for('update');
    waiting = change().catch((error: unknown) => error);
    await new Promise(resolve => setTimeout(resolve, 300));
    const former = eq(teamMembers.memberId, world.members.OWNER.memberId);
    await tx.update(teamMembers).set({ role: 'ADMIN' }).where(former);
  });
  return waiting;
}

test('a former owner whose request waited behind the transfer neither deletes nor restores', async () => {
  const [world, ending] = [await createWorld(), await createWorld()];
  const asked = await behindTransfer(world, () =>
    requestDeletion(world.as('OWNER'), { confirm: world.customer.companyName }),
  );
  expect(asked).toMatchObject({ code: 'forbidden', message: 'Your role no longer allows this.' });
  expect(await readOrganization(world.as('ADMIN'))).toMatchObject({ status: 'TRIAL', deletion_requested_at: null });
  await requestDeletion(ending.system, { confirm: ending.customer.companyName });
  expect(await behindTransfer(ending, () => restoreOrganization(ending.as('OWNER'), {}))).toMatchObject({
    code: 'forbidden',
  });
  expect((await readOrganization(ending.as('ADMIN'))).deletion_due_at).not.toBeNull();
});

test('somebody who was removed while their request waited changes no setting', async () => {
  const world = await createWorld();
  let waiting: Promise<unknown> = Promise.resolve();
  await db().transaction(async tx => {
    await tx.select().from(customers).where(eq(customers.customerId, world.customerId)).for('update');
    waiting = updateOrganization(world.as('ADMIN'), { company_name: 'Taken Over' }).catch((error: unknown) => error);
    await new Promise(resolve => setTimeout(resolve, 300));
    const removed = eq(teamMembers.memberId, world.members.ADMIN.memberId);
    await tx.update(teamMembers).set({ status: 'REMOVED' }).where(removed);
  });
  expect(await waiting).toMatchObject({
    code: 'forbidden',
    message: 'You are no longer a member of this organization.',
  });
  expect((await readOrganization(world.as('OWNER'))).company_name).toBe(world.customer.companyName);
});
