import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { StartedDouble } from '@/dev/doubles/stripe/start-double';
import { createPayer, ownStripe, priceOf } from '@/dev/testing/billing';
import { createWorld, type World } from '@/dev/testing/world';
import { customers } from '@/lib/domains/customers/tables';
import { openPortal } from '@/lib/domains/subscriptions/checkout/billing-portal';
import { startCheckout } from '@/lib/domains/subscriptions/checkout/checkout';
import { settleCheckout } from '@/lib/domains/subscriptions/checkout/checkout-return';
import { readSubscription } from '@/lib/domains/subscriptions/queries';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { auditLog } from '@/lib/kernel/tables';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { stripe } from '@/lib/platform/stripe';

let double: StartedDouble;
beforeAll(async () => {
  double = await ownStripe();
});
afterAll(() => double.stop());

const sessionIdOf = (url: string): string => /cs_\w+/.exec(url)?.[0] ?? '';
const open = async (world: World, plan: string) => (await startCheckout(world.as('OWNER'), { plan })).result;
const stripeCustomerOf = async ({ customerId }: World): Promise<string> => {
  const [row] = await db().select().from(customers).where(eq(customers.customerId, customerId));
  return row?.stripeCustomerId ?? '';
};
const endTrialOn = (world: World, day: string) =>
  db().update(subscriptions).set({ trialEndDate: day }).where(eq(subscriptions.customerId, world.customerId));

/** Pays as a visitor of the page would, with JavaScript off. */
async function pay(url: string, card = 'works'): Promise<Response> {
  const page = await (await fetch(url)).text();
  const action = /<form[^>]*method="post"[^>]*action="([^"]*)"/.exec(page)?.[1] ?? '';
  const hidden = [...page.matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)];
  const cards = [...page.matchAll(/<input[^>]*name="card"[^>]*value="([^"]+)"/g)].map(match => match[1] ?? '');
  const body = new URLSearchParams(hidden.map(([, name, value]) => [name ?? '', value ?? '']));
  body.set('card', cards.find(name => name.includes(card)) ?? cards[0] ?? card);
  return fetch(new URL(action, url), { method: 'POST', body, redirect: 'manual' });
}

test('Checkout carries the plan, the customer and what is left of the trial', async () => {
  const world = await createWorld({ plan: 'STARTER' });
  const { url, expires_at } = await open(world, 'PROFESSIONAL');
  expect(expires_at.getTime()).toBeGreaterThan(Date.now());
  const session = await double.client.checkout.sessions.retrieve(sessionIdOf(url), { expand: ['line_items'] });
  expect(session).toMatchObject({
    mode: 'subscription',
    customer: await stripeCustomerOf(world),
    client_reference_id: world.customerId,
    status: 'open',
  });
  expect(session.line_items?.data[0]?.price?.id).toBe(await priceOf(double, 'PROFESSIONAL'));
  expect(session.success_url).toMatch(/\/billing\?checkout=\{CHECKOUT_SESSION_ID\}$/);
  const end = Date.parse(`${world.subscription.trialEndDate}T00:00:00Z`) / 1000 + 86_399;
  expect(session.metadata?.trial_end).toBe(String(end));
});

test('Checkout’s page names the day on which the portal says the trial ends', async () => {
  const world = await createWorld({ plan: 'STARTER' });
  const { url } = await open(world, 'PROFESSIONAL');
  const { trial } = await readSubscription(world.as('OWNER'));
  const shown = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
  expect(await (await fetch(url)).text()).toContain(
    `Free until ${shown.format(new Date(trial?.last_day ?? ''))} (UTC)`,
  );
});

test('paid Checkout makes the plan current once the visitor is back, trial kept, and never asks for the card again', async () => {
  const world = await createWorld({ plan: 'STARTER' });
  const { url } = await open(world, 'PROFESSIONAL');
  const ctx = world.as('OWNER');
  expect(await settleCheckout(ctx, sessionIdOf(url))).toBe('left');
  const paid = await pay(url);
  expect([paid.status, paid.headers.get('location')]).toEqual([303, expect.stringContaining(sessionIdOf(url))]);
  expect(await settleCheckout(ctx, sessionIdOf(url))).toBe('settled');
  expect(await readSubscription(ctx)).toMatchObject({
    plan: 'PROFESSIONAL',
    status: 'TRIAL',
    has_subscription: true,
    card_on_file: true,
    trial: { last_day: world.subscription.trialEndDate },
  });
  await expect(open(world, 'PROFESSIONAL')).rejects.toMatchObject({ code: 'conflict' });
});

test('ten clicks at once and a second tab open one session; another plan closes the first', async () => {
  const world = await createWorld();
  const urls = await Promise.all(Array.from({ length: 6 }, () => open(world, 'SCALE')));
  expect(new Set(urls.map(({ url }) => url)).size).toBe(1);
  const other = await open(world, 'STARTER');
  const { data } = await double.client.checkout.sessions.list({ customer: await stripeCustomerOf(world) });
  expect(data.map(({ id, status }) => [id, status]).sort()).toEqual(
    [
      [sessionIdOf(urls[0]?.url ?? ''), 'expired'],
      [sessionIdOf(other.url), 'open'],
    ].sort(),
  );
  const rows = await db().select().from(auditLog).where(eq(auditLog.customerId, world.customerId));
  expect(rows.filter(row => row.action === 'subscription.start_checkout')).toHaveLength(2);
  expect(JSON.stringify(rows)).not.toContain('/c/pay/');
});

test('with less than 48 hours of the trial left, paying starts at once', async () => {
  const world = await createWorld();
  await endTrialOn(world, utcDay(new Date()));
  const { url } = await open(world, 'STARTER');
  expect((await double.client.checkout.sessions.retrieve(sessionIdOf(url))).metadata?.trial_end).toBeFalsy();
  await pay(url);
  expect(await settleCheckout(world.as('OWNER'), sessionIdOf(url))).toBe('settled');
  expect(await readSubscription(world.as('OWNER'))).toMatchObject({ status: 'ACTIVE', trial: null });
});

test('a session opened while the trial was longer is not used again', async () => {
  const world = await createWorld();
  const first = await open(world, 'STARTER');
  await endTrialOn(world, addDays(utcDay(new Date()), 20));
  expect((await open(world, 'STARTER')).url).not.toBe(first.url);
});

test('a session whose time was over a moment ago is no paid plan: the next one opens', async () => {
  const world = await createWorld();
  const first = await open(world, 'STARTER');
  // Listed as open, it has run out by the time that it is expired.
  const { list } = stripe().checkout.sessions;
  const listed = vi.spyOn(stripe().checkout.sessions, 'list').mockImplementationOnce((async (...given) => {
    const page = await list.apply(stripe().checkout.sessions, given);
    await double.client.checkout.sessions.expire(sessionIdOf(first.url));
    return page;
  }) as typeof list);
  const second = await open(world, 'SCALE');
  expect(listed).toHaveBeenCalled();
  listed.mockRestore();
  expect(second.url).not.toBe(first.url);
  expect((await double.client.checkout.sessions.retrieve(sessionIdOf(second.url))).status).toBe('open');
});

test('paid before Stripe has made the subscription is pending: nothing is sold twice, and then the plan is there', async () => {
  const world = await createWorld();
  const ctx = world.as('OWNER');
  const { url } = await open(world, 'SCALE');
  const customer = await stripeCustomerOf(world);
  await double.control('checkout', { customer, hold: true });
  await pay(url);
  for (let look = 0; look < 2; look++) expect(await settleCheckout(ctx, sessionIdOf(url))).toBe('pending');
  expect(await readSubscription(ctx)).toMatchObject({ status: 'TRIAL', has_subscription: false });
  await expect(open(world, 'STARTER')).rejects.toMatchObject({ code: 'conflict' });
  await double.control('checkout', { customer, hold: false });
  expect(await settleCheckout(ctx, sessionIdOf(url))).toBe('settled');
  expect(await readSubscription(ctx)).toMatchObject({ plan: 'SCALE', has_subscription: true });
});

test('the session of a plan that has ended since is unknown, so that its page does not wait for ever', async () => {
  const world = await createWorld();
  const ctx = world.as('OWNER');
  const first = await open(world, 'STARTER');
  await pay(first.url);
  expect(await settleCheckout(ctx, sessionIdOf(first.url))).toBe('settled');
  const { data } = await double.client.subscriptions.list({ customer: await stripeCustomerOf(world) });
  await double.client.subscriptions.cancel(data[0]?.id ?? '');
  await syncSubscription(data[0]?.id ?? '', 'stripe');
  const second = await open(world, 'SCALE');
  await pay(second.url);
  expect(await settleCheckout(ctx, sessionIdOf(second.url))).toBe('settled');
  expect(await settleCheckout(ctx, sessionIdOf(first.url))).toBe('unknown');
  expect(await readSubscription(ctx)).toMatchObject({ plan: 'SCALE', has_subscription: true });
});

test('who pays in one tab is told so in the other, and nothing is bought twice', async () => {
  const world = await createWorld();
  const { url } = await open(world, 'STARTER');
  await pay(url);
  await expect(open(world, 'SCALE')).rejects.toMatchObject({
    code: 'conflict',
    message: 'There is a paid plan already. Reload the page to see it; nothing was charged again.',
  });
  expect(await readSubscription(world.as('OWNER'))).toMatchObject({ plan: 'STARTER', has_subscription: true });
  const { data } = await double.client.subscriptions.list({ customer: await stripeCustomerOf(world) });
  expect(data).toHaveLength(1);
});

test('a declined card leaves everything as it is', async () => {
  const world = await createWorld();
  const { url } = await open(world, 'SCALE');
  expect((await pay(url, 'declined')).status).toBeGreaterThanOrEqual(400);
  expect(await settleCheckout(world.as('OWNER'), sessionIdOf(url))).toBe('left');
  expect(await readSubscription(world.as('OWNER'))).toMatchObject({ plan: 'STARTER', has_subscription: false });
});

describe('a session in the address', () => {
  test.each(['cs_none', "cs_'--", '', 'sub_1', '../prices'])('%j is unknown', async id => {
    const world = await createWorld();
    await open(world, 'STARTER');
    expect(await settleCheckout(world.as('OWNER'), id)).toBe('unknown');
  });

  test('of another customer is unknown, and changes nothing of either', async () => {
    const [mine, other] = [await createWorld(), await createWorld()];
    await open(mine, 'STARTER');
    const { url } = await open(other, 'SCALE');
    await pay(url);
    expect(await settleCheckout(mine.as('OWNER'), sessionIdOf(url))).toBe('unknown');
    expect(await readSubscription(mine.as('OWNER'))).toMatchObject({ has_subscription: false });
    expect(await readSubscription(other.as('OWNER'))).toMatchObject({ has_subscription: false });
  });

  test('is not for a collaborator', async () => {
    const world = await createWorld();
    await expect(settleCheckout(world.as('COLLABORATOR'), 'cs_1')).rejects.toMatchObject({ code: 'forbidden' });
  });
});

test('an organization about to be erased cannot start to pay', async () => {
  const world = await createWorld();
  await db()
    .update(customers)
    .set({ deletionRequestedAt: new Date() })
    .where(eq(customers.customerId, world.customerId));
  await expect(open(world, 'STARTER')).rejects.toMatchObject({ code: 'conflict', message: /about to be erased/ });
});

test('the portal opens for this customer, at the card where asked', async () => {
  const { world } = await createPayer(double, 'PROFESSIONAL');
  for (const input of [{}, { flow: 'payment_method' }]) {
    const { result } = await openPortal(world.as('ADMIN'), input);
    const page = await fetch(result.url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('/billing?returned=1');
  }
});

test('with Stripe away nothing is changed, and the answer says so', async () => {
  const world = await createWorld();
  await open(world, 'STARTER');
  await double.end();
  const refusal = { code: 'payment_service_unavailable', message: 'Stripe cannot be reached. Nothing was changed.' };
  await expect(open(world, 'STARTER')).rejects.toMatchObject(refusal);
  await expect(openPortal(world.as('OWNER'), {})).rejects.toMatchObject(refusal);
  await double.start();
  expect((await open(world, 'STARTER')).url).toContain('cs_');
});
