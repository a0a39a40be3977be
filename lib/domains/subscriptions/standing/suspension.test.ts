import { and, desc, eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { caller, customerKey, transports } from '@/dev/testing/data-plane';
import { createWorld, type World } from '@/dev/testing/world';
import { listEntries } from '@/lib/domains/audit/queries';
import { viewOf } from '@/lib/domains/audit/view';
import { customers } from '@/lib/domains/customers/tables';
import { requestDeletion } from '@/lib/domains/organizations/deletion';
import { storedCounter } from '@/lib/domains/quotas/counters';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { followDeadlines } from '@/lib/domains/subscriptions/standing/deadlines';
import { listSuspended } from '@/lib/domains/subscriptions/standing/suspended-customers';
import { extendTrial, suspendCustomer, unsuspendCustomer } from '@/lib/domains/subscriptions/standing/suspension';
import { subscriptionChanges, subscriptions } from '@/lib/domains/subscriptions/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import type { Ctx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const staff = (world: World, at?: string): Ctx => ({
  ...world.system,
  actor: { type: 'staff', id: 'sam@tenantry.example' },
  ...(at ? { clock: () => new Date(at) } : {}),
});
const run = { pipeline_id: 'daily', trigger_type: 'api', trigger_by: 'test' } as const;
const profileOf = async (world: World) => {
  const [row] = await db().select().from(customers).where(eq(customers.customerId, world.customerId));
  return row;
};
const lastEntry = async (world: World) => {
  const [row] = await db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.customerId, world.customerId), eq(auditLog.actorType, 'staff')))
    .orderBy(desc(auditLog.sequence))
    .limit(1);
  return row;
};
const set = (world: World, values: Partial<typeof subscriptions.$inferInsert>) =>
  db().update(subscriptions).set(values).where(eq(subscriptions.customerId, world.customerId));
const because = { reason: 'Chargeback of 3 Nov' };

describe('suspension', () => {
  test('refuses every call from its commit on, says who and why in the log, and ends as the subscription says', async () => {
    const world = await createWorld();
    const { text: key } = await customerKey(world);
    const transport = transports[0];
    if (!transport) throw new Error('there is no way to serve the data plane');
    const { send, close } = await transport.open();
    const call = caller(send);
    const { result } = await suspendCustomer(staff(world), because);
    expect(result).toMatchObject({ status: 'SUSPENDED' });
    expect(await call('/v1/quota', { key })).toMatchObject({ status: 403, json: { code: 'customer_suspended' } });
    await close();
    await expect(startRun(world.system, run, {})).rejects.toMatchObject({ code: 'customer_suspended' });
    expect(await lastEntry(world)).toMatchObject({
      action: 'customer.suspend',
      actorId: 'sam@tenantry.example',
      before: { status: 'TRIAL' },
      after: { status: 'SUSPENDED', reason: because.reason },
    });
    await flushOnce(relayDeps(), { customers: [world.customerId] });
    const [shown] = (await listEntries(world.as('ADMIN'), { limit: 10, action: 'customer.suspend' })).entries;
    if (!shown) throw new Error('the log does not show the suspension');
    const view = viewOf(shown, new Map());
    expect(`${view.actor} ${view.sentence}`).toBe('Tenantry support suspended the organization');
    expect(view.changes).toContainEqual({ field: 'Reason', before: null, after: because.reason });
    await set(world, { status: 'ACTIVE' });
    expect((await unsuspendCustomer(staff(world), { reason: 'Paid' })).result.status).toBe('ACTIVE');
    expect((await storedCounter(db(), world.customerId))?.refusalReason).toBeNull();
    expect((await startRun(world.system, run, {})).run.status).toBe('RUNNING');
  });

  test('done twice changes nothing the second time; so does taking back what is not there', async () => {
    const world = await createWorld();
    await suspendCustomer(staff(world), because);
    const first = await lastEntry(world);
    await suspendCustomer(staff(world), { reason: 'again' });
    expect(await lastEntry(world)).toEqual(first);
    await unsuspendCustomer(staff(world), because);
    const second = await lastEntry(world);
    await unsuspendCustomer(staff(world), because);
    expect(await lastEntry(world)).toEqual(second);
  });

  test('of an organization whose trial ended or whose deletion was asked for meanwhile ends as CANCELLED', async () => {
    const [expired, leaving] = await Promise.all([createWorld(), createWorld()]);
    for (const world of [expired, leaving]) await suspendCustomer(staff(world), because);
    await set(expired, { status: 'EXPIRED' });
    await requestDeletion(leaving.as('OWNER'), { confirm: leaving.customer.companyName });
    expect((await profileOf(leaving))?.status).toBe('SUSPENDED');
    for (const world of [expired, leaving]) {
      expect((await unsuspendCustomer(staff(world), because)).result.status).toBe('CANCELLED');
      await expect(startRun(world.system, run, {})).rejects.toMatchObject({ code: 'subscription_inactive' });
    }
  });

  test('needs a reason and staff; the list names who did it', async () => {
    const world = await createWorld();
    await expect(suspendCustomer(staff(world), { reason: ' ' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(suspendCustomer(world.as('OWNER'), because)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(listSuspended(world.as('OWNER'))).rejects.toMatchObject({ code: 'forbidden' });
    await suspendCustomer(staff(world), because);
    const listed = (await listSuspended(staff(world))).find(row => row.customer_id === world.customerId);
    expect(listed).toMatchObject({ suspended_by: 'sam@tenantry.example', reason: because.reason, plan: 'STARTER' });
    expect(Math.abs((listed?.suspended_at?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(await lastEntry(world)).toMatchObject({ action: 'customer.list_suspended', targetType: 'query' });
  });
});

describe('a longer trial', () => {
  test('ends as many days later; one that expired runs again', async () => {
    const world = await createWorld();
    const end = world.subscription.trialEndDate ?? '';
    const { result } = await extendTrial(staff(world), { days: 7, ...because });
    expect(result).toMatchObject({ status: 'TRIAL', trial_end_date: addDays(end, 7) });
    const over = `${addDays(end, 10)}T09:00:00Z`;
    const followed = await followDeadlines({ clock: () => new Date(over), customers: [world.customerId] });
    expect(followed.expired).toBe(1);
    await expect(startRun(world.system, run, {})).rejects.toMatchObject({ code: 'subscription_inactive' });
    await extendTrial(staff(world, over), { days: 5, ...because });
    expect(await currentSubscription(db(), world.customerId)).toMatchObject({
      status: 'TRIAL',
      isTrial: true,
      trialEndDate: addDays(utcDay(new Date(over)), 5),
    });
    expect(await profileOf(world)).toMatchObject({ status: 'TRIAL', trialEndDate: addDays(end, 15) });
    expect((await startRun(world.system, run, {})).run.status).toBe('RUNNING');
    const changes = await db()
      .select()
      .from(subscriptionChanges)
      .where(eq(subscriptionChanges.customerId, world.customerId))
      .orderBy(subscriptionChanges.changedAt);
    expect(changes.map(change => change.cause)).toEqual(['sign_up', 'trial_end', 'staff']);
  });

  test('of a suspended organization leaves it suspended', async () => {
    const world = await createWorld();
    await suspendCustomer(staff(world), because);
    expect((await extendTrial(staff(world), { days: 1, ...because })).result.status).toBe('SUSPENDED');
  });

  test('is refused where Stripe runs the subscription, after a plan, beyond 30 days, and to members', async () => {
    const world = await createWorld();
    await expect(extendTrial(staff(world), { days: 31, ...because })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(extendTrial(world.as('OWNER'), { days: 3, ...because })).rejects.toMatchObject({ code: 'forbidden' });
    await set(world, { stripeSubscriptionId: `sub_${world.customerId}`, stripeStatus: 'trialing' });
    const refused = () => expect(extendTrial(staff(world), { days: 3, ...because })).rejects;
    await refused().toMatchObject({ code: 'conflict' });
    await set(world, { status: 'CANCELLED', stripeStatus: 'canceled' });
    await refused().toMatchObject({ code: 'conflict' });
  });
});
