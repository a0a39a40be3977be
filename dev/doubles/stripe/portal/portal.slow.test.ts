/** The billing portal and the invoice pages of the double, used as a person uses them. */
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
  const { data } = await stripe.prices.list({ lookup_keys: [testCatalog.STARTER.lookup_key] });
  price = data[0]?.id ?? '';
});
afterAll(() => double.stop());

const shop = 'http://shop.example/billing';

async function subscribed() {
  const customer = await stripe.customers.create({ email: 'otto@acme.example', name: 'Acme' });
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price }],
    default_payment_method: card.id,
  });
  return { customer: customer.id, subscription: subscription.id, card: card.id };
}
const portal = async (customer: string, more: Partial<Stripe.BillingPortal.SessionCreateParams> = {}) => {
  const session = await stripe.billingPortal.sessions.create({ customer, return_url: shop, ...more });
  return open(session.url);
};
const read = (id: string) => stripe.subscriptions.retrieve(id);
/** Has the next renewal fail, so that an invoice stays open. */
async function failRenewal(customer: string): Promise<Stripe.Invoice> {
  await double.control('card', { customer, behaviour: 'declined' });
  await double.control('clock', { customer, seconds: 32 * 86_400 });
  const { data } = await stripe.invoices.list({ customer, status: 'open' });
  if (!data[0]) throw new Error('no invoice is open');
  return data[0];
}

test('it shows plan, card and invoices, and leads back', async () => {
  const { customer } = await subscribed();
  const page = await portal(customer);
  expect(heading(page)).toBe('Billing');
  for (const text of ['Tenantry Starter', '$49.00 per month', 'Active', 'Visa ending in 4242', 'paid'])
    expect(page.text).toContain(text);
  expect(link(page, 'Return to the product')).toBe(shop);
});

test('a plan is cancelled for the end of its period, and renewed', async () => {
  const { customer, subscription } = await subscribed();
  const ask = await open(link(await portal(customer), 'Cancel plan'));
  const cancelled = await press(ask, 'Cancel plan');
  expect(cancelled.text).toContain('Ends on');
  expect(await read(subscription)).toMatchObject({ status: 'active', cancel_at_period_end: true });
  await press(cancelled, 'Renew plan');
  expect(await read(subscription)).toMatchObject({ cancel_at_period_end: false, cancel_at: null });
});

test('cancelling gives up a change of plan that is scheduled', async () => {
  const { customer, subscription } = await subscribed();
  await stripe.subscriptionSchedules.create({ from_subscription: subscription });
  expect((await read(subscription)).schedule).not.toBeNull();
  await press(await open(link(await portal(customer), 'Cancel plan')), 'Cancel plan');
  expect(await read(subscription)).toMatchObject({ schedule: null, cancel_at_period_end: true });
});

test('a new card becomes the customer’s default; a subscription that is pinned to a card stays pinned to it', async () => {
  const { customer, subscription, card } = await subscribed();
  const form = await open(link(await portal(customer), 'Update payment method'));
  const refused = await press(form, 'Save', { card: 'declined' });
  expect([refused.status, alertOf(refused)]).toEqual([402, expect.stringMatching(/declined/)]);
  expect(await stripe.customers.retrieve(customer)).toMatchObject({
    invoice_settings: { default_payment_method: null },
  });
  const asked = await press(refused, 'Save', { card: 'authenticate' });
  expect(alertOf(await press(asked, 'Fail'))).toMatch(/unable to authenticate/);
  await press(asked, 'Approve');
  const { invoice_settings: settings } = (await stripe.customers.retrieve(customer)) as Stripe.Customer;
  expect(settings.default_payment_method).toMatch(/^pm_/);
  expect(settings.default_payment_method).not.toBe(card);
  expect((await read(subscription)).default_payment_method).toBe(card);
});

test('an open invoice is paid in the portal once the card is replaced', async () => {
  const { customer, subscription } = await subscribed();
  const invoice = await failRenewal(customer);
  expect((await read(subscription)).status).toBe('past_due');
  const page = await portal(customer);
  expect(page.text).toContain('Past due');
  const pay = `Pay ${invoice.number}`;
  const refused = await press(page, pay);
  expect(alertOf(refused)).toMatch(/declined/);
  const after = await press(await open(link(refused, 'Update payment method')), 'Save', { card: 'works' });
  const paid = await press(after, pay);
  expect(buttonsOf(paid)).not.toContain(pay);
  expect((await read(subscription)).status).toBe('active');
});

test('an invoice has a page with its lines, a button while it is open, and a PDF', async () => {
  const { customer } = await subscribed();
  const invoice = await failRenewal(customer);
  const page = await open(invoice.hosted_invoice_url ?? '');
  expect(heading(page)).toBe(`Invoice ${invoice.number}`);
  expect(page.text).toContain('$49.00');
  expect(alertOf(await press(page, 'Pay $49.00'))).toMatch(/declined/);
  await double.control('card', { customer, behaviour: 'ok' });
  const paid = await press(page, 'Pay $49.00');
  expect(buttonsOf(paid)).toEqual([]);
  expect((await stripe.invoices.retrieve(invoice.id ?? '')).status).toBe('paid');
  const pdf = await fetch(invoice.invoice_pdf ?? '');
  expect(pdf.headers.get('content-type')).toBe('application/pdf');
  const text = Buffer.from(await pdf.arrayBuffer()).toString('latin1');
  expect(text).toMatch(/^%PDF-1\.4/);
  expect(text).toContain(`(Invoice ${invoice.number})`);
  expect(text).toContain('Paid: $49.00');
});

test('a flow of one task shows only that, and leads where it was told', async () => {
  const { customer, subscription } = await subscribed();
  const after_completion = { type: 'redirect' as const, redirect: { return_url: `${shop}?returned=1` } };
  const card = await portal(customer, { flow_data: { type: 'payment_method_update', after_completion } });
  expect(heading(card)).toBe('Payment method');
  expect((await press(card, 'Save', { card: 'works' })).url).toBe(`${shop}?returned=1`);
  const flow = { type: 'subscription_cancel' as const, subscription_cancel: { subscription }, after_completion };
  const cancel = await portal(customer, { flow_data: flow });
  expect(heading(cancel)).toBe('Cancel Tenantry Starter?');
  await press(cancel, 'Cancel plan');
  expect((await read(subscription)).cancel_at_period_end).toBe(true);
  await expect(portal(customer, { flow_data: flow })).rejects.toMatchObject({ statusCode: 400 });
});

test("nobody touches another customer's plan or invoice", async () => {
  const [mine, other] = [await subscribed(), await subscribed()];
  const ask = await open(link(await portal(mine.customer), 'Cancel plan'));
  const forged = { ...ask, text: ask.text.replaceAll(mine.subscription, other.subscription) };
  expect(alertOf(await press(forged, 'Cancel plan'))).toMatch(/No such subscription/);
  expect((await read(other.subscription)).cancel_at_period_end).toBe(false);
  const flow = { type: 'subscription_cancel' as const, subscription_cancel: { subscription: other.subscription } };
  await expect(portal(mine.customer, { flow_data: flow })).rejects.toMatchObject({ code: 'resource_missing' });
});

test('what the configuration turns off is neither shown nor done', async () => {
  const { customer, subscription } = await subscribed();
  const { configurations } = stripe.billingPortal;
  const made = await configurations.create({
    features: { invoice_history: { enabled: true }, subscription_cancel: { enabled: false } },
    metadata: { a: 'b' },
  });
  expect(made).toMatchObject({ is_default: false, active: true, metadata: { a: 'b' } });
  const page = await portal(customer, { configuration: made.id });
  expect(page.text).not.toMatch(/Cancel plan|Update payment method/);
  const body = new URLSearchParams({ action: 'cancel', id: subscription });
  expect(alertOf(await open(page.url, { method: 'POST', body }))).toMatch(/not possible/);
  expect((await read(subscription)).cancel_at_period_end).toBe(false);
  await configurations.update(made.id, { features: { payment_method_update: { enabled: true } } });
  expect((await configurations.retrieve(made.id)).features).toMatchObject({
    payment_method_update: { enabled: true },
    subscription_cancel: { enabled: false },
  });
  const { data } = await configurations.list({ is_default: true });
  expect(data).toHaveLength(1);
  await expect(configurations.update(data[0]?.id ?? '', { active: false })).rejects.toMatchObject({ statusCode: 400 });
});

test('a session that is not there is over', async () => {
  const page = await open(`${double.url}/p/session/test_none`);
  expect([page.status, heading(page)]).toEqual([410, 'This session has ended']);
});
