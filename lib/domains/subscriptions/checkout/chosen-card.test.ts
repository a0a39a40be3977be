/** The card that the customer chose last pays: Checkout pins one to the subscription, the portal changes the customer's default. */
import type Stripe from 'stripe';
import { expect, test } from 'vitest';
import { link, open, press } from '@/dev/doubles/stripe/pages/pages-browser';
import { createPayer, currentRow, eventsOf, type Payer, subscribe, withBilling } from '@/dev/testing/stripe-life';
import { refreshSubscription } from '@/lib/domains/subscriptions/checkout/checkout-return';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { storeEvents } from '@/lib/domains/subscriptions/sync/inbox';
import { processDue } from '@/lib/domains/subscriptions/sync/process';

const billing = withBilling();

const pass = (payer: Payer, seconds: number) => billing.control('clock', { customer: payer.stripeCustomerId, seconds });
const pinOf = async (id: string) => (await billing.client.subscriptions.retrieve(id)).default_payment_method;
const defaultOf = async ({ stripeCustomerId }: Payer) =>
  ((await billing.client.customers.retrieve(stripeCustomerId)) as Stripe.Customer).invoice_settings
    .default_payment_method;

/** A subscription as Checkout makes it: pinned to the card that was put in there, a while after any other. */
async function bought(card: string | null = null): Promise<{ payer: Payer; id: string; pin: string }> {
  const payer = await createPayer(billing, { card });
  await pass(payer, 60);
  const { id: pin } = await billing.client.paymentMethods.attach('pm_card_visa', { customer: payer.stripeCustomerId });
  const { id } = await subscribe(billing, payer, 'STARTER', { default_payment_method: pin });
  await syncSubscription(id, 'stripe');
  await pass(payer, 60);
  return { payer, id, pin };
}

/** Puts a card in at Stripe's portal. */
async function newCard({ stripeCustomerId }: Payer): Promise<void> {
  const session = await billing.client.billingPortal.sessions.create({
    customer: stripeCustomerId,
    return_url: 'http://shop.example/billing',
  });
  await press(await open(link(await open(session.url), 'Update payment method')), 'Save', { card: 'works' });
}

async function processAll(payer: Payer): Promise<void> {
  await storeEvents(await eventsOf(billing, payer.stripeCustomerId));
  await processDue({ stripeCustomers: [payer.stripeCustomerId] });
}

test('a card put in at the portal pays from the visitor’s return on, in the place of the one that Checkout pinned', async () => {
  const { payer, id, pin } = await bought();
  await newCard(payer);
  expect(await pinOf(id)).toBe(pin);
  await refreshSubscription(payer.as('OWNER'));
  expect(await pinOf(id)).toBeNull();
  expect(await currentRow(payer)).toMatchObject({ status: 'ACTIVE', paymentMethodOnFile: true });
  await pass(payer, 32 * 86_400);
  const { latest_invoice: invoice } = await billing.client.subscriptions.retrieve(id);
  const paid = await billing.client.invoices.retrieve(String(invoice), {
    expand: ['payments.data.payment.payment_intent'],
  });
  const intent = paid.payments?.data[0]?.payment.payment_intent as Stripe.PaymentIntent;
  expect([paid.status, intent.payment_method]).toEqual(['paid', await defaultOf(payer)]);
});

test('who does not come back pays with the new card too, once Stripe’s event is worked off', async () => {
  const { payer, id } = await bought();
  await newCard(payer);
  await processAll(payer);
  expect(await pinOf(id)).toBeNull();
});

test('a former card that is made the default again pays, because the event says that it was chosen', async () => {
  const { payer, id, pin } = await bought();
  await newCard(payer);
  await processAll(payer);
  const later = await defaultOf(payer);
  const { id: pinnedAnew } = await billing.client.paymentMethods.attach('pm_card_mastercard', {
    customer: payer.stripeCustomerId,
  });
  await billing.client.subscriptions.update(id, { default_payment_method: pinnedAnew });
  await pass(payer, 60);
  await processAll(payer);
  await billing.client.customers.update(payer.stripeCustomerId, { invoice_settings: { default_payment_method: pin } });
  await processAll(payer);
  expect(await pinOf(id)).toBeNull();
  expect([await defaultOf(payer), later]).toEqual([pin, expect.not.stringMatching(pin)]);
});

test('the card put in at Checkout is not given up for an older default, whatever else changes about the customer', async () => {
  const { payer, id, pin } = await bought('pm_card_visa');
  expect(await defaultOf(payer)).not.toBe(pin);
  await refreshSubscription(payer.as('OWNER'));
  await billing.client.customers.update(payer.stripeCustomerId, { name: 'Acme renamed' });
  await processAll(payer);
  expect(await pinOf(id)).toBe(pin);
});

test('a pin that Stripe will not let go leaves the current plan as it is', async () => {
  const { payer, id, pin } = await bought();
  await newCard(payer);
  await billing.control('fail', { path: `/v1/subscriptions/${id}`, method: 'POST', status: 400 });
  await refreshSubscription(payer.as('OWNER'));
  expect(await pinOf(id)).toBe(pin);
  expect(await currentRow(payer)).toMatchObject({ status: 'ACTIVE', stripeSubscriptionId: id });
  await refreshSubscription(payer.as('OWNER'));
  expect(await pinOf(id)).toBeNull();
});

test('a subscription of a customer that we do not know is left as it is', async () => {
  const { id: customer } = await billing.client.customers.create({ email: 'stranger@example.com' });
  await billing.control('clock', { customer, seconds: 60 });
  const { id: pin } = await billing.client.paymentMethods.attach('pm_card_visa', { customer });
  const { id } = await subscribe(billing, { stripeCustomerId: customer }, 'STARTER', { default_payment_method: pin });
  await billing.control('clock', { customer, seconds: 60 });
  const { id: later } = await billing.client.paymentMethods.attach('pm_card_mastercard', { customer });
  await billing.client.customers.update(customer, { invoice_settings: { default_payment_method: later } });
  expect(await syncSubscription(id, 'stripe')).toMatchObject({ outcome: 'unknown_customer' });
  expect(await pinOf(id)).toBe(pin);
});

test('a change of plan that is planned does not keep the new card from paying', async () => {
  const { payer, id } = await bought();
  await billing.client.subscriptionSchedules.create({ from_subscription: id });
  await newCard(payer);
  await refreshSubscription(payer.as('OWNER'));
  expect(await pinOf(id)).toBeNull();
});
