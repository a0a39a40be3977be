/** Checkout of the double: its API by the official client, its page as a person uses it. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alertOf, buttonsOf, heading, link, open, press } from '@/dev/doubles/stripe/pages/pages-browser';
import { type StartedDouble, startDouble } from '@/dev/doubles/stripe/start-double';
import { testCatalog } from '@/dev/doubles/stripe/test-catalog';

let double: StartedDouble;
let stripe: Stripe;
let price = '';
beforeAll(async () => {
  double = await startDouble();
  stripe = double.client;
  const { data } = await stripe.prices.list({ lookup_keys: [testCatalog.PROFESSIONAL.lookup_key] });
  price = data[0]?.id ?? '';
});
afterAll(() => double.stop());

const shop = 'http://shop.example';
const day = 86_400;
const inDays = (days: number) => Math.floor(Date.now() / 1000) + days * day;

async function begin(more: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const customer = await stripe.customers.create({ email: 'otto@acme.example', name: 'Acme' });
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price, quantity: 1 }],
    client_reference_id: 'c1',
    metadata: { a: 'b' },
    success_url: `${shop}/billing?checkout={CHECKOUT_SESSION_ID}`,
    cancel_url: `${shop}/billing`,
    ...more,
  });
  return { customer: customer.id, session, url: session.url ?? '' };
}
const typesOf = async (customer: string) => {
  const { data } = await stripe.events.list({ limit: 100 });
  return data
    .filter(({ data: { object } }) => 'customer' in object && object.customer === customer)
    .map(({ type }) => type);
};
const subscriptionsOf = async (customer: string) => (await stripe.subscriptions.list({ customer, status: 'all' })).data;

test('a card that works makes an active, paid subscription and sends the browser back with the session', async () => {
  const { customer, session, url } = await begin({ subscription_data: { metadata: { customer_id: 'c1' } } });
  expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid', amount_total: 19_900, subscription: null });
  const page = await open(url);
  expect(heading(page)).toBe('Subscribe to Tenantry Professional');
  expect(page.text).toContain('$199.00 per month');
  expect(page.text).toContain('Local test double');
  expect(link(page, 'Back')).toBe(`${shop}/billing`);
  const after = await press(page, 'Pay and subscribe', { card: 'works' });
  expect(after.url).toBe(`${shop}/billing?checkout=${session.id}`);
  const done = await stripe.checkout.sessions.retrieve(session.id, {
    expand: ['subscription', 'customer', 'line_items', 'line_items.data.price.product'],
  });
  expect(done).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
    client_reference_id: 'c1',
    metadata: { a: 'b' },
    url: null,
    customer: { id: customer },
    customer_details: { email: 'otto@acme.example' },
    subscription: { status: 'active', customer, metadata: { customer_id: 'c1' } },
    line_items: { data: [{ quantity: 1, price: { id: price, product: { name: 'Tenantry Professional' } } }] },
  });
  const types = await typesOf(customer);
  for (const type of ['customer.subscription.created', 'invoice.paid', 'checkout.session.completed'])
    expect(types.filter(each => each === type)).toHaveLength(1);
  const { data: invoices } = await stripe.invoices.list({ customer });
  expect(invoices.map(({ id, status, amount_paid: paid }) => [id, status, paid])).toEqual([
    [done.invoice, 'paid', 19_900],
  ]);
  const [subscription] = await subscriptionsOf(customer);
  expect(subscription?.default_payment_method).toMatch(/^pm_/);
});

test('held back, a session is paid and has no subscription until it is let go', async () => {
  const { customer, session, url } = await begin();
  await double.control('checkout', { customer, hold: true });
  expect((await press(await open(url), 'Pay and subscribe', { card: 'works' })).url).toContain(session.id);
  const read = () => stripe.checkout.sessions.retrieve(session.id);
  expect(await read()).toMatchObject({ status: 'complete', payment_status: 'paid', subscription: null });
  expect(await subscriptionsOf(customer)).toEqual([]);
  expect(await typesOf(customer)).not.toContain('checkout.session.completed');
  await double.control('checkout', { customer, hold: false });
  const [made] = await subscriptionsOf(customer);
  expect(await read()).toMatchObject({ status: 'complete', subscription: made?.id });
  expect(made?.status).toBe('active');
  expect(await typesOf(customer)).toContain('checkout.session.completed');
});

test('sent twice, the form makes one subscription and ends at the same place', async () => {
  const { customer, url } = await begin();
  const page = await open(url);
  const both = await Promise.all([1, 2].map(() => press(page, 'Pay and subscribe', { card: 'works' })));
  expect(both[0]?.url).toBe(both[1]?.url);
  expect(await subscriptionsOf(customer)).toHaveLength(1);
  expect((await typesOf(customer)).filter(type => type === 'checkout.session.completed')).toHaveLength(1);
  const again = await open(url);
  expect(heading(again)).toBe('All done here');
  expect(buttonsOf(again)).toEqual([]);
});

test('a declined card stays on the page with the reason, makes nothing, and another card may follow', async () => {
  const { customer, session, url } = await begin();
  const refused = await press(await open(url), 'Pay and subscribe', { card: 'declined' });
  expect(refused.status).toBe(402);
  expect(alertOf(refused)).toMatch(/declined/);
  expect(await subscriptionsOf(customer)).toEqual([]);
  expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
  await press(refused, 'Pay and subscribe', { card: 'works' });
  expect(await subscriptionsOf(customer)).toMatchObject([{ status: 'active' }]);
});

test('a card that asks for authentication is only used once the person approves', async () => {
  const { customer, url } = await begin();
  const asked = await press(await open(url), 'Pay and subscribe', { card: 'authenticate' });
  expect(heading(asked)).toBe('Your bank asks');
  const failed = await press(asked, 'Fail');
  expect(alertOf(failed)).toMatch(/unable to authenticate/);
  expect(await subscriptionsOf(customer)).toEqual([]);
  const done = await press(asked, 'Approve');
  expect(done.url).toMatch(/^http:\/\/shop\.example\/billing\?checkout=cs_test_/);
  expect(await subscriptionsOf(customer)).toMatchObject([{ status: 'active' }]);
});

test('a trial that goes on is passed on: nothing is due, and its end is the one asked for', async () => {
  const trialEnd = inDays(9);
  const { customer, session, url } = await begin({ subscription_data: { trial_end: trialEnd } });
  expect(session.amount_total).toBe(0);
  const page = await open(url);
  expect(page.text).toContain('Free until');
  await press(page, 'Start trial', { card: 'works' });
  expect(await subscriptionsOf(customer)).toMatchObject([{ status: 'trialing', trial_end: trialEnd }]);
  expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'no_payment_required' });
});

test('without a card only where the session allows it', async () => {
  const data = { trial_end: inDays(5) };
  const { url: always } = await begin({ subscription_data: data });
  const page = await open(always);
  expect(() => press(page, 'Start trial', { card: 'none' })).toThrow(/no choice/);
  const { customer, url } = await begin({ subscription_data: data, payment_method_collection: 'if_required' });
  await press(await open(url), 'Start trial', { card: 'none' });
  expect(await subscriptionsOf(customer)).toMatchObject([{ status: 'trialing', default_payment_method: null }]);
});

test('an expired session says so and can no longer be paid', async () => {
  const { customer, session, url } = await begin();
  const page = await open(url);
  expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: 'expired', url: null });
  await expect(stripe.checkout.sessions.expire(session.id)).rejects.toMatchObject({ statusCode: 400 });
  const late = await press(page, 'Pay and subscribe', { card: 'works' });
  expect([late.status, heading(late)]).toEqual([410, 'This checkout has expired']);
  expect(await subscriptionsOf(customer)).toEqual([]);
  expect(await typesOf(customer)).toContain('checkout.session.expired');
});

test('sessions are listed by customer and by status', async () => {
  const { customer, session } = await begin();
  const ids = async (status: 'open' | 'expired') =>
    (await stripe.checkout.sessions.list({ customer, status })).data.map(({ id }) => id);
  expect(await ids('open')).toEqual([session.id]);
  await stripe.checkout.sessions.expire(session.id);
  expect([await ids('open'), await ids('expired')]).toEqual([[], [session.id]]);
});

const refusals: [param: string, more: Partial<Stripe.Checkout.SessionCreateParams>][] = [
  ['subscription_data[trial_end]', { subscription_data: { trial_end: inDays(1) } }],
  ['mode', { mode: 'payment' }],
  ['line_items[0][price]', { line_items: [{ price: 'price_none', quantity: 1 }] }],
  ['line_items[0][price]', { line_items: [{ price: '', quantity: 1 }] }],
  ['customer', { customer: 'cus_none' }],
  ['success_url', { success_url: 'not an address' }],
  ['expires_at', { expires_at: inDays(3) }],
  ['consent_collection', { consent_collection: { terms_of_service: 'required' } }],
];
test.each(refusals)('%s is refused by name in %o', async (param, more) => {
  await expect(begin(more)).rejects.toMatchObject({ statusCode: 400, param });
});

test('what a person wrote is shown as text, never as HTML', async () => {
  const product = await stripe.products.create({ name: '<script>alert(1)</script>' });
  const odd = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 100,
    recurring: { interval: 'month' },
  });
  const { url } = await begin({ line_items: [{ price: odd.id, quantity: 1 }] });
  const page = await open(url);
  expect(page.text).not.toContain('<script>');
  expect(heading(page)).toBe('Subscribe to <script>alert(1)</script>');
});
