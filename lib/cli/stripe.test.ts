/** `cli stripe setup` on an account of its own. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type StartedDouble, startDouble } from '@/dev/doubles/stripe/start-double';
import { stripeAccount } from '@/dev/stack/services/stripe-account';
import { type Ended, operator } from '@/dev/testing/operator';
import { plans } from '@/lib/domains/subscriptions/rules';
import { portalConfigurationId } from '@/lib/domains/subscriptions/stripe/catalog';
import { handledEvents } from '@/lib/domains/subscriptions/sync/stripe-events';

let printed: Ended;
let double: StartedDouble;
beforeAll(async () => {
  double = await startDouble(stripeAccount());
  vi.stubEnv('STRIPE_API_URL', double.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await double.stop();
});

async function run(...line: string[]): Promise<number> {
  printed = await operator('stripe', ...line);
  return printed.code;
}
const outcomes = () =>
  printed.err
    .trim()
    .split('\n')
    .map(line => line.split(' ')[0]);
const priceOf = async (key: string) => (await double.client.prices.list({ lookup_keys: [key] })).data;

test('it makes what is missing, and a second run changes nothing', async () => {
  expect(await run('setup')).toBe(0);
  expect(printed.err).toMatch(/made +billing portal configuration +bpc_/);
  for (const plan of Object.values(plans)) {
    const [price, ...others] = await priceOf(plan.stripeLookupKey);
    expect(others).toEqual([]);
    expect(price).toMatchObject({ active: true, unit_amount: plan.priceUsdPerMonth * 100, currency: 'usd' });
  }
  expect(await run('setup')).toBe(0);
  expect(new Set(outcomes())).toEqual(new Set(['unchanged']));
  expect(printed.out).toBe('');
});

test('another amount in Stripe is replaced by a new price that takes the look-up key; the old one is sold no more, and keeps its payers', async () => {
  const { stripeLookupKey: key, priceUsdPerMonth } = plans.SCALE;
  const [right] = await priceOf(key);
  const wrong = await double.client.prices.create({
    product: String(right?.product),
    currency: 'usd',
    unit_amount: 1,
    recurring: { interval: 'month' },
    lookup_key: key,
    transfer_lookup_key: true,
  });
  expect(await run('setup')).toBe(0);
  expect(printed.err).toMatch(/changed +monthly price of SCALE/);
  const [now] = await priceOf(key);
  expect(now).toMatchObject({ active: true, unit_amount: priceUsdPerMonth * 100 });
  expect(await double.client.prices.retrieve(wrong.id)).toMatchObject({
    active: true,
    lookup_key: null,
    metadata: { plan: 'SCALE' },
  });
});

test('a price that an earlier run had retired is active again, so that its payers can change their plan', async () => {
  const [price] = await priceOf(plans.STARTER.stripeLookupKey);
  const old = await double.client.prices.create({
    product: String(price?.product),
    currency: 'usd',
    unit_amount: 3_900,
    recurring: { interval: 'month' },
    metadata: { plan: 'STARTER' },
  });
  await double.client.prices.update(old.id, { active: false });
  expect(await run('setup')).toBe(0);
  expect(await double.client.prices.retrieve(old.id)).toMatchObject({ active: true, lookup_key: null });
  expect(await run('setup')).toBe(0);
  expect(new Set(outcomes())).toEqual(new Set(['unchanged']));
});

test('a product that was renamed or retired and a price that was retired are put right', async () => {
  const [price] = await priceOf(plans.STARTER.stripeLookupKey);
  const product = String(price?.product);
  await double.client.products.update(product, { name: 'Other', active: false });
  await double.client.prices.update(price?.id ?? '', { active: false });
  expect(await run('setup')).toBe(0);
  expect(await double.client.products.retrieve(product)).toMatchObject({ name: 'Tenantry Starter', active: true });
  expect(await priceOf(plans.STARTER.stripeLookupKey)).toMatchObject([{ id: price?.id, active: true }]);
});

test("the portal's settings are ours: cards, invoices and the end of the period; plans are changed in the product", async () => {
  const id = (await portalConfigurationId()) ?? '';
  const { configurations } = double.client.billingPortal;
  await configurations.update(id, { features: { subscription_cancel: { mode: 'immediately' } } });
  expect(await run('setup')).toBe(0);
  expect((await configurations.retrieve(id)).features).toMatchObject({
    payment_method_update: { enabled: true },
    invoice_history: { enabled: true },
    subscription_cancel: { enabled: true, mode: 'at_period_end' },
    subscription_update: { enabled: false },
  });
});

test('the webhook sends exactly what we act on; its secret is printed once, alone on standard output', async () => {
  const url = 'http://127.0.0.1:9/api/webhooks/stripe';
  expect(await run('setup', '--webhook', url)).toBe(0);
  expect(printed.out).toMatch(/^whsec_\S+\n$/);
  const own = async () => (await double.client.webhookEndpoints.list()).data.filter(endpoint => endpoint.url === url);
  const [made] = await own();
  expect(made?.enabled_events.toSorted()).toEqual([...handledEvents].toSorted());
  await double.client.webhookEndpoints.update(made?.id ?? '', { enabled_events: ['*'] });
  expect(await run('setup', '--webhook', url)).toBe(0);
  expect(printed.out).toBe('');
  expect(await own()).toMatchObject([{ id: made?.id, enabled_events: made?.enabled_events }]);
});

test.each([
  [2, /Name a command/, []],
  [2, /There is no command stripe burn/, ['burn']],
  [2, /--burn/, ['setup', '--burn']],
  [2, /--webhook: Give an address/, ['setup', '--webhook', 'ftp://x']],
] as const)('exit %i saying %s', async (code, says, args) => {
  expect(await run(...args)).toBe(code);
  expect(printed.err).toMatch(says);
});

test('a live key is refused without --live, before anything is asked of Stripe', async () => {
  vi.resetModules();
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_live_none');
  const { operator: fresh } = await import('@/dev/testing/operator');
  const ended = await fresh('stripe', 'setup');
  expect(ended.code).toBe(1);
  expect(ended.err).toMatch(/live key/);
});
