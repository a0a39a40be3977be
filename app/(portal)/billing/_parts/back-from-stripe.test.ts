import { afterAll, beforeAll, expect, test } from 'vitest';
import { backFromStripe } from '@/app/(portal)/billing/_parts/back-from-stripe';
import type { StartedDouble } from '@/dev/doubles/stripe/start-double';
import { createPayer, ownStripe, priceOf } from '@/dev/testing/billing';
import { createWorld } from '@/dev/testing/world';
import { linkStripeCustomer, readBilledCustomer } from '@/lib/domains/subscriptions/stripe/link-customer';
import { inStripeTurn } from '@/lib/domains/subscriptions/stripe/stripe-concurrency';

let double: StartedDouble;
beforeAll(async () => {
  double = await ownStripe();
});
afterAll(() => double.stop());

/** Where a redirect leads. */
const redirectOf = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (error: { digest?: string }) => error.digest?.split(';')[2] ?? null,
  );

test('while another change of the plan goes on, the page is shown with what is stored', async () => {
  const { world, stripeCustomerId } = await createPayer(double, 'STARTER');
  const ctx = world.as('OWNER');
  const session = await double.client.checkout.sessions.create({
    mode: 'subscription',
    customer: stripeCustomerId,
    line_items: [{ price: await priceOf(double, 'STARTER'), quantity: 1 }],
    success_url: 'http://shop.example/billing',
  });
  const page = await (await fetch(session.url ?? '')).text();
  const action = /<form[^>]*method="post"[^>]*action="([^"]*)"/.exec(page)?.[1] ?? '';
  const body = new URLSearchParams({ card: 'works' });
  await fetch(new URL(action, session.url ?? ''), { method: 'POST', body, redirect: 'manual' });
  let end: () => void = () => undefined;
  const other = inStripeTurn(ctx.customerId, () => new Promise<void>(resolve => (end = resolve)));
  const [returned, paid, card] = await Promise.all([
    backFromStripe(ctx, { returned: '1' }),
    backFromStripe(ctx, { checkout: session.id }),
    backFromStripe(ctx, { returned: 'card' }),
  ]);
  expect([returned, paid, card]).toEqual(['away', 'unsure', 'away']);
  end();
  await other;
  expect(await backFromStripe(ctx, { returned: '1' })).toBe('none');
});

test('with Stripe out of order it is, too', async () => {
  const { world } = await createPayer(double, 'STARTER');
  await double.control('fail', { path: '/v1/subscriptions*', method: 'GET', times: 10, status: 503 });
  expect(await backFromStripe(world.as('OWNER'), { returned: '1' })).toBe('away');
  await double.control('fail', { path: '/v1/subscriptions*', method: 'GET', times: 0 });
});

test('a new card leads to the page’s own address, which says whether the debt was paid by it', async () => {
  const { world, stripeCustomerId: customer } = await createPayer(double, 'STARTER');
  const ctx = world.as('OWNER');
  expect(await backFromStripe(ctx, { returned: 'card' })).toBe('none');
  await double.control('card', { customer, behaviour: 'declined' });
  await double.control('clock', { customer, seconds: 32 * 86_400 });
  const back = () => redirectOf(backFromStripe(ctx, { returned: 'card' }));
  expect(await back()).toBe('/billing?done=declined');
  const { id: card } = await double.client.paymentMethods.attach('pm_card_mastercard', { customer });
  await double.client.customers.update(customer, { invoice_settings: { default_payment_method: card } });
  expect(await back()).toBe('/billing?done=paid');
  expect(await backFromStripe(ctx, { returned: 'card' })).toBe('none');
});

test('who comes from elsewhere asks Stripe nothing', async () => {
  const world = await createWorld();
  await linkStripeCustomer(await readBilledCustomer(world.customerId));
  await double.end();
  expect(await backFromStripe(world.as('OWNER'), {})).toBe('none');
  await double.start();
});
