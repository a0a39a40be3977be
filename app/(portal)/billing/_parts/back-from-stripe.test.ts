import { afterAll, beforeAll, expect, test } from 'vitest';
import { backFromStripe } from '@/app/(portal)/billing/_parts/back-from-stripe';
import type { StartedDouble } from '@/dev/doubles/stripe/start-double';
import { createPayer, ownStripe, priceOf } from '@/dev/testing/billing';
import { createWorld } from '@/dev/testing/world';
import { readCustomer } from '@/lib/domains/customers/profile';
import { payOwed } from '@/lib/domains/subscriptions/invoices/pay-owed';
import { linkStripeCustomer } from '@/lib/domains/subscriptions/stripe/link-customer';
import { withStripeSlot } from '@/lib/domains/subscriptions/stripe/stripe-concurrency';

let double: StartedDouble;
beforeAll(async () => {
  double = await ownStripe();
});
afterAll(() => double.stop());

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
  const other = withStripeSlot(ctx.customerId, () => new Promise<void>(resolve => (end = resolve)));
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

test('an address charges nothing, however often it is opened; the form on the page pays what is owed, once', async () => {
  const { world, stripeCustomerId: customer } = await createPayer(double, 'STARTER');
  const ctx = world.as('OWNER');
  await double.control('card', { customer, behaviour: 'declined' });
  await double.control('clock', { customer, seconds: 32 * 86_400 });
  const { id: card } = await double.client.paymentMethods.attach('pm_card_mastercard', { customer });
  await double.client.customers.update(customer, { invoice_settings: { default_payment_method: card } });
  const openOnes = async () => (await double.client.invoices.list({ customer, status: 'open' })).data;
  const [owed] = await openOnes();
  const path = `/v1/invoices/${owed?.id}/pay`;
  // The first call of it is answered 500; whether any was made is seen by whether this one still is.
  await double.control('fail', { path, method: 'POST', times: 1, status: 500 });
  for (let opened = 0; opened < 3; opened++) expect(await backFromStripe(ctx, { returned: 'card' })).toBe('card');
  expect((await fetch(new URL(path, double.url), { method: 'POST' })).status).toBe(500);
  expect((await payOwed(ctx, {})).result).toEqual({ outcome: 'paid' });
  expect((await payOwed(ctx, {})).result).toEqual({ outcome: 'nothing' });
  expect(await openOnes()).toEqual([]);
  const charged = await double.client.paymentIntents.list({ customer });
  expect(charged.data.filter(intent => intent.payment_method === card && intent.status === 'succeeded')).toHaveLength(
    1,
  );
  expect(await backFromStripe(ctx, { returned: 'card' })).toBe('card');
});

test('who comes from elsewhere asks Stripe nothing', async () => {
  const world = await createWorld();
  await linkStripeCustomer(await readCustomer(world.customerId));
  await double.end();
  expect(await backFromStripe(world.as('OWNER'), {})).toBe('none');
  await double.start();
});
