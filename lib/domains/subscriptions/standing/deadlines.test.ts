import { and, eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { caller, customerKey, transports } from '@/dev/testing/data-plane';
import { rowsOf } from '@/dev/testing/messages';
import { createWorld, type World } from '@/dev/testing/world';
import { customers } from '@/lib/domains/customers/tables';
import { storedCounter } from '@/lib/domains/quotas/counters';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { followDeadlines } from '@/lib/domains/subscriptions/standing/deadlines';
import { subscriptionChanges, subscriptions } from '@/lib/domains/subscriptions/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { auditLog } from '@/lib/kernel/tables';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import { addDays } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const lastDay = (world: World): string => {
  const day = world.subscription.trialEndDate;
  if (!day) throw new Error('a world begins in trial');
  return day;
};
const at = (instant: string, ...worlds: World[]) => ({
  clock: () => new Date(instant),
  customers: worlds.map(world => world.customerId),
});
const dayMs = 86_400_000;
const missedPaymentMs = Date.now() + 300 * dayMs;
/** So long after the payment was missed, which is after the sign-up on whatever day this runs. */
const sinceMissed = (ms: number) => new Date(missedPaymentMs + ms).toISOString();
const run = { pipeline_id: 'daily', trigger_type: 'api', trigger_by: 'test' } as const;
const ownRow = (world: World) => eq(subscriptions.customerId, world.customerId);
const statusOf = async (world: World) => {
  const [profile] = await db().select().from(customers).where(eq(customers.customerId, world.customerId));
  const { status } = await currentSubscription(db(), world.customerId);
  const counter = await storedCounter(db(), world.customerId);
  return { subscription: status, profile: profile?.status, refusal: counter?.refusalReason ?? null };
};
const changesOf = (world: World) =>
  db()
    .select()
    .from(subscriptionChanges)
    .where(eq(subscriptionChanges.customerId, world.customerId))
    .orderBy(subscriptionChanges.changedAt);

const running = { subscription: 'TRIAL', profile: 'TRIAL', refusal: null };
const ended = { subscription: 'EXPIRED', profile: 'CANCELLED', refusal: 'subscription_inactive' };

describe('a trial', () => {
  test('runs through its last day, ends at the midnight after it, once, and its admins are told once', async () => {
    const world = await createWorld();
    const end = lastDay(world);
    expect(await followDeadlines(at(`${end}T23:59:59.999Z`, world))).toEqual({ expired: 0, failed: [] });
    expect(await statusOf(world)).toEqual(running);
    const midnight = `${addDays(end, 1)}T00:00:00Z`;
    expect(await followDeadlines(at(midnight, world))).toEqual({ expired: 1, failed: [] });
    expect(await followDeadlines(at(midnight, world))).toEqual({ expired: 0, failed: [] });
    expect(await statusOf(world)).toEqual(ended);
    expect((await changesOf(world)).slice(1)).toMatchObject([
      { fromStatus: 'TRIAL', toStatus: 'EXPIRED', cause: 'trial_end', changedAt: new Date(midnight) },
    ]);
    const told = (await rowsOf(world)).filter(row => row.event === 'trial_ended' && row.status === 'queued');
    expect(told.map(row => row.recipient).sort()).toEqual([world.members.ADMIN.email, world.members.OWNER.email]);
    const entry = and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, 'subscription.expire'));
    expect(await db().select().from(auditLog).where(entry)).toMatchObject([
      { actorType: 'system', before: { status: 'TRIAL' }, after: { status: 'EXPIRED' } },
    ]);
  });

  test('that Stripe runs is left to Stripe', async () => {
    const world = await createWorld();
    const stripeSubscriptionId = `sub_${world.customerId}`;
    await db().update(subscriptions).set({ stripeSubscriptionId, stripeStatus: 'trialing' }).where(ownRow(world));
    expect(await followDeadlines(at('2099-01-01T00:00:00Z', world))).toEqual({ expired: 0, failed: [] });
    expect(await statusOf(world)).toEqual(running);
  });

  test('of a suspended organization ends, the suspension stays, and nobody is asked to choose a plan', async () => {
    const world = await createWorld();
    await db().update(customers).set({ status: 'SUSPENDED' }).where(eq(customers.customerId, world.customerId));
    await followDeadlines(at(`${addDays(lastDay(world), 1)}T00:00:00Z`, world));
    expect(await statusOf(world)).toEqual({
      subscription: 'EXPIRED',
      profile: 'SUSPENDED',
      refusal: 'customer_suspended',
    });
    expect(await rowsOf(world)).toEqual([]);
  });

  test('that is over refuses a start on the data plane with 403 and goes on answering reads', async () => {
    const world = await createWorld();
    const { text: key } = await customerKey(world);
    const transport = transports[0];
    if (!transport) throw new Error('there is no way to serve the data plane');
    const { send, close } = await transport.open();
    const call = caller(send);
    expect((await call('/v1/runs', { method: 'POST', key, json: run })).status).toBe(201);
    await followDeadlines(at(`${addDays(lastDay(world), 1)}T00:00:00Z`, world));
    const refused = await call('/v1/runs', { method: 'POST', key, json: run });
    expect(refused).toMatchObject({ status: 403, json: { code: 'subscription_inactive' } });
    expect((await call('/v1/quota', { key })).status).toBe(200);
    await flushOnce(relayDeps(), { customers: [world.customerId] });
    const listed = await call('/v1/runs', { key });
    expect([listed.status, (listed.json.data as unknown[]).length]).toEqual([200, 1]);
    await close();
  }, 60_000);
});

describe('an unpaid subscription', () => {
  const owing = async (since: string) => {
    const world = await createWorld();
    await db()
      .update(subscriptions)
      .set({
        status: 'PAST_DUE',
        stripeSubscriptionId: `sub_${world.customerId}`,
        stripeStatus: 'past_due',
        pastDueSince: new Date(since),
      })
      .where(ownRow(world));
    await db().update(customers).set({ status: 'ACTIVE' }).where(eq(customers.customerId, world.customerId));
    return world;
  };

  test('runs for seven days to the millisecond, then ends; what Stripe says of it is kept', async () => {
    const world = await owing(sinceMissed(0));
    expect(await followDeadlines(at(sinceMissed(7 * dayMs - 1), world))).toEqual({ expired: 0, failed: [] });
    await expect(startRun(world.system, run, {})).resolves.toMatchObject({ run: { status: 'RUNNING' } });
    expect(await followDeadlines(at(sinceMissed(7 * dayMs), world))).toEqual({ expired: 1, failed: [] });
    expect(await statusOf(world)).toEqual(ended);
    expect(await currentSubscription(db(), world.customerId)).toMatchObject({
      stripeStatus: 'past_due',
      pastDueSince: new Date(sinceMissed(0)),
    });
    expect((await changesOf(world)).slice(-1)).toMatchObject([{ cause: 'grace_end', toStatus: 'EXPIRED' }]);
    await expect(startRun(world.system, run, {})).rejects.toMatchObject({ code: 'subscription_inactive' });
  });

  test('of before does not count once a newer one is current', async () => {
    const world = await owing(sinceMissed(0));
    const before = await currentSubscription(db(), world.customerId);
    const newer = { subscriptionId: `${before.subscriptionId}n`, stripeSubscriptionId: `${before.subscriptionId}n` };
    const createdAt = new Date(before.createdAt.getTime() + 1_000);
    await db()
      .insert(subscriptions)
      .values({ ...before, ...newer, status: 'ACTIVE', stripeStatus: 'active', pastDueSince: null, createdAt });
    expect(await followDeadlines(at(sinceMissed(30 * dayMs), world))).toEqual({ expired: 0, failed: [] });
    expect((await statusOf(world)).subscription).toBe('ACTIVE');
  });
});

test('one customer whose end fails does not stop the rest, and the mirror shows the end', async () => {
  const [broken, sound] = await Promise.all([createWorld(), createWorld()]);
  await db().execute(`DELETE FROM quota_counters WHERE customer_id = '${broken.customerId}'`);
  const after = `${addDays(lastDay(sound), 1)}T08:00:00Z`;
  expect(await followDeadlines(at(after, broken, sound))).toEqual({ expired: 1, failed: [broken.customerId] });
  expect((await currentSubscription(db(), broken.customerId)).status).toBe('TRIAL');
  await flushOnce(relayDeps(), { customers: [sound.customerId] });
  const { rows } = await runStatement({
    name: 'test/deadlines',
    sql: `SELECT s.status, p.status AS profile FROM customers.customer_subscriptions AS s
      JOIN customers.customer_profiles AS p ON p.customer_id = s.customer_id WHERE s.customer_id = @id`,
    parameters: { id: { type: 'STRING', value: sound.customerId } },
  });
  expect(rows).toEqual([{ status: 'EXPIRED', profile: 'CANCELLED' }]);
}, 60_000);
