/** A Stripe that does not answer keeps few connections waiting: everything else goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { StartedDouble } from '@/dev/doubles/stripe/start-double';
import { createPayer, ownStripe } from '@/dev/testing/billing';
import { createWorld, type World } from '@/dev/testing/world';
import { readCustomer } from '@/lib/domains/customers/profile';
import { startCheckout } from '@/lib/domains/subscriptions/checkout/checkout';
import { refreshSubscription } from '@/lib/domains/subscriptions/checkout/checkout-return';
import { readSubscription } from '@/lib/domains/subscriptions/queries';
import { linkStripeCustomer } from '@/lib/domains/subscriptions/stripe/link-customer';
import { inviteMembers } from '@/lib/domains/team/invitations/invitations';
import { pool } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

let double: StartedDouble;
beforeAll(async () => {
  double = await ownStripe();
});
afterAll(() => double.stop());

const hang = (times: number) =>
  double.control('fail', { path: '/v1/subscriptions*', method: 'GET', times, status: 'hang' });

afterEach(() => hang(0));

const inUse = () => pool().totalCount - pool().idleCount;

async function newcomers(count: number): Promise<World[]> {
  const worlds = await Promise.all(Array.from({ length: count }, () => createWorld()));
  for (const { customerId } of worlds) await linkStripeCustomer(await readCustomer(customerId));
  return worlds;
}

/** What came of each within `ms`; null for what still waits. */
async function after<Value>(ms: number, work: Promise<Value>[]): Promise<(Value | AppError | null)[]> {
  const late = sleep(ms, null);
  return Promise.all(work.map(one => Promise.race([one.catch((error: AppError) => error), late])));
}

test('while Stripe hangs three connections wait for it, others’ pages and commands answer, and who finds no turn is told within seconds', async () => {
  const [worlds, bystander, { world: returning }] = await Promise.all([
    newcomers(9),
    createWorld({ plan: 'SCALE' }),
    createPayer(double, 'STARTER'),
  ]);
  await hang(1_000);
  const checkouts = worlds.map(world => startCheckout(world.as('OWNER'), { plan: 'SCALE' }));
  const visits = Array.from({ length: 10 }, () => refreshSubscription(returning.as('OWNER')));
  const all: Promise<unknown>[] = [...checkouts, ...visits];
  for (const one of all) one.catch(() => undefined);
  await sleep(500);
  expect(inUse()).toBe(3);
  expect(pool().waitingCount).toBe(0);
  const startedAt = Date.now();
  expect(await readSubscription(bystander.as('OWNER'))).toMatchObject({ plan: 'SCALE' });
  expect(Date.now() - startedAt).toBeLessThan(1_000);
  // A command waits up to two seconds for its rows in the warehouse, which no relay brings here.
  await inviteMembers(bystander.as('OWNER'), { emails: ['new@example.com'], role: 'VIEWER' });
  expect(Date.now() - startedAt).toBeLessThan(4_000);
  const heard = await after(6_500, all);
  expect(heard.filter(answer => answer === null)).toHaveLength(3);
  const refused = heard.filter(answer => answer !== null);
  for (const error of refused) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(conflict|payment_service_unavailable)$/),
      retryAfterSeconds: 5,
    });
  }
  expect(refused.map(error => (error as AppError).message)).toContain(
    'Stripe answers slowly at the moment. Nothing was changed. Try again in a moment.',
  );
  await hang(0);
  await Promise.allSettled(all);
  expect(inUse()).toBe(0);
  expect(await startCheckout(worlds[8]?.as('OWNER') ?? bystander.as('OWNER'), { plan: 'SCALE' })).toBeDefined();
}, 60_000);

test('one customer’s clicks hold one connection, however many they are; the rest of the company goes on', async () => {
  const { world } = await createPayer(double, 'STARTER');
  const { world: other } = await createPayer(double, 'STARTER');
  await double.control('fail', { path: '/v1/subscriptions*', method: 'GET', times: 1, status: 'hang' });
  const ctx = world.as('OWNER');
  const clicks = Array.from({ length: 10 }, () => refreshSubscription(ctx));
  for (const one of clicks) one.catch(() => undefined);
  await sleep(300);
  expect(inUse()).toBe(1);
  await refreshSubscription(other.as('OWNER'));
  const atOnce = await after(100, clicks);
  expect(atOnce.filter(answer => answer instanceof AppError && answer.code === 'conflict')).toHaveLength(4);
  const results = await Promise.allSettled(clicks);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(inUse()).toBe(0);
}, 60_000);
