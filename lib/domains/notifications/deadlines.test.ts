import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { rowsOf } from '@/dev/testing/messages';
import { createWorld, type World } from '@/dev/testing/world';
import { customers } from '@/lib/domains/customers/tables';
import { createKey, revokeKey } from '@/lib/domains/keys/commands';
import { rotateKey } from '@/lib/domains/keys/rotation';
import { notifyKeyExpiry, notifyTrialEnds } from '@/lib/domains/notifications/deadlines';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { addDays } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

const dayMs = 86_400_000;
const now = Date.now();
const inDays = (days: number) => new Date(now + days * dayMs);
const at = (world: World, days: number) => ({ clock: () => inDays(days), customers: [world.customerId] });

const key = async (world: World, days: number | null, name = 'etl') => {
  const expires_at = days === null ? null : inDays(days).toISOString();
  const { result } = await createKey(world.system, { name, scopes: ['runs:read'], expires_at });
  return result.key.api_key_id;
};
/** What the owner is told, oldest first. */
const told = async (world: World) =>
  (await rowsOf(world))
    .filter(row => row.recipient === world.members.OWNER.email)
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
    .map(row => row.data as Record<string, unknown>);

describe('API keys', () => {
  test('owner and admin are told 14, 7 and 1 days ahead, each mark once however often the job runs', async () => {
    const world = await createWorld();
    const id = await key(world, 30);
    const days = [0, 15, 16, 16.5, 20, 22.9, 23, 26, 29, 29.5, 30, 31];
    const counts: number[] = [];
    for (const day of days) counts.push((await notifyKeyExpiry(at(world, day))).told);
    expect(counts).toEqual([0, 0, 2, 0, 0, 0, 2, 0, 2, 0, 0, 0]);
    const expected = { api_key_id: id, name: 'etl', expires_at: inDays(30).toISOString() };
    expect(await told(world)).toEqual([14, 7, 1].map(mark => ({ ...expected, mark, days_left: mark })));
  });

  test('a job that comes late tells the days that are left', async () => {
    const world = await createWorld();
    await key(world, 30);
    await notifyKeyExpiry(at(world, 25));
    expect(await told(world)).toMatchObject([{ mark: 7, days_left: 5 }]);
  });

  test('a short-lived key is not told of at marks longer than its life', async () => {
    const world = await createWorld();
    await key(world, 5);
    expect((await notifyKeyExpiry(at(world, 0.01))).told).toBe(0);
    expect((await notifyKeyExpiry(at(world, 4.5))).told).toBe(2);
  });

  test('keys that are revoked, replaced, endless or of a closed customer are not told of', async () => {
    const world = await createWorld();
    await revokeKey(world.system, { api_key_id: await key(world, 10, 'revoked') });
    await rotateKey(world.system, { api_key_id: await key(world, 20, 'rotated'), grace_seconds: 604_800 });
    await key(world, null, 'endless');
    expect((await notifyKeyExpiry(at(world, 5))).told).toBe(0);
    const closed = await createWorld();
    await key(closed, 10);
    await db().update(customers).set({ status: 'CANCELLED' }).where(eq(customers.customerId, closed.customerId));
    expect((await notifyKeyExpiry(at(closed, 5))).told).toBe(0);
  });
});

describe('trials', () => {
  const trialDays = async (world: World) => {
    const end = world.subscription.trialEndDate;
    if (!end) throw new Error('a world begins in trial');
    return end;
  };
  /** Noon of the day so many days before the trial's last. */
  const ahead = async (world: World, days: number) => {
    const noon = new Date(`${addDays(await trialDays(world), -days)}T12:00:00Z`);
    return { clock: () => noon, customers: [world.customerId] };
  };

  test('owner and admin are told 7, 3 and 1 days ahead, once each', async () => {
    const world = await createWorld();
    const counts: number[] = [];
    for (const days of [10, 8, 7, 7, 5, 3, 3, 2, 1, 0, -1])
      counts.push((await notifyTrialEnds(await ahead(world, days))).told);
    expect(counts).toEqual([0, 0, 2, 0, 0, 2, 0, 0, 2, 0, 0]);
    expect(await told(world)).toMatchObject([
      { mark: 7, days_left: 7 },
      { mark: 3, days_left: 3 },
      { mark: 1, days_left: 1, plan: 'STARTER', trial_end_date: await trialDays(world) },
    ]);
  });

  test('a customer who has a plan is not told, though there was a trial', async () => {
    const world = await createWorld();
    const own = eq(subscriptions.customerId, world.customerId);
    await db().update(subscriptions).set({ status: 'ACTIVE', isTrial: false }).where(own);
    expect((await notifyTrialEnds(await ahead(world, 3))).told).toBe(0);
  });

  test('a customer whom Stripe will charge is not told; one whose trial Stripe runs without a card is', async () => {
    const world = await createWorld();
    const own = eq(subscriptions.customerId, world.customerId);
    const inStripe = { stripeSubscriptionId: `sub_${world.customerId}`, stripeStatus: 'trialing' };
    await db()
      .update(subscriptions)
      .set({ ...inStripe, paymentMethodOnFile: true })
      .where(own);
    expect((await notifyTrialEnds(await ahead(world, 3))).told).toBe(0);
    await db().update(subscriptions).set({ paymentMethodOnFile: null }).where(own);
    expect((await notifyTrialEnds(await ahead(world, 3))).told).toBe(0);
    await db().update(subscriptions).set({ paymentMethodOnFile: false }).where(own);
    expect((await notifyTrialEnds(await ahead(world, 3))).told).toBe(2);
  });
});
