/** One rule from a subscription to its customer: status, whether runs may start, limits; and nothing where nothing differs. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { customers } from '@/lib/domains/customers/tables';
import { storedCounter } from '@/lib/domains/quotas/counters';
import { limitsOf, type SubscriptionStatus } from '@/lib/domains/subscriptions/rules';
import { settleStanding } from '@/lib/domains/subscriptions/standing/settle-standing';
import { db } from '@/lib/platform/db';

type More = Omit<Parameters<typeof settleStanding>[3], 'subscription'>;

const settle = (world: World, status: SubscriptionStatus, more: More = {}) =>
  db().transaction(async tx => {
    const known = await lockCustomer(tx, world.customerId);
    return settleStanding(tx, world.system, known, { subscription: { ...world.subscription, status }, ...more });
  });
const refused = async (world: World) => (await storedCounter(db(), world.customerId))?.refusalReason;

test.each<[SubscriptionStatus, More, string, string | null]>([
  ['TRIAL', {}, 'TRIAL', null],
  ['ACTIVE', {}, 'ACTIVE', null],
  ['PAST_DUE', {}, 'ACTIVE', null],
  ['EXPIRED', {}, 'CANCELLED', 'subscription_inactive'],
  ['CANCELLED', {}, 'CANCELLED', 'subscription_inactive'],
  ['ACTIVE', { suspended: true }, 'SUSPENDED', 'customer_suspended'],
  ['EXPIRED', { suspended: true }, 'SUSPENDED', 'customer_suspended'],
  ['ACTIVE', { changes: { deletionRequestedAt: new Date() } }, 'CANCELLED', 'subscription_inactive'],
])('%s with %j is %s, and runs are refused as %s', async (status, more, profile, reason) => {
  const world = await createWorld();
  expect((await settle(world, status, more)).customer.status).toBe(profile);
  expect(await refused(world)).toBe(reason);
  // Said again it changes nothing, and no copy is sent.
  const again = await settle(world, status);
  expect(again).toMatchObject({ customer: { status: profile }, mirror: [] });
  expect(await refused(world)).toBe(reason);
});

test('limits follow a change of plan, and only that: what staff have raised lives until then', async () => {
  const world = await createWorld();
  const scale = { ...world.subscription, ...limitsOf('SCALE') };
  const settleScale = (planBefore?: string) =>
    db().transaction(async tx =>
      settleStanding(tx, world.system, await lockCustomer(tx, world.customerId), { subscription: scale, planBefore }),
    );
  await settleScale();
  expect(await storedCounter(db(), world.customerId)).toMatchObject({ dailyLimit: 6 });
  await settleScale('STARTER');
  expect(await storedCounter(db(), world.customerId)).toMatchObject({ dailyLimit: 100 });
  const [row] = await db().select().from(customers).where(eq(customers.customerId, world.customerId));
  expect(row?.subscriptionPlan).toBe('SCALE');
});
