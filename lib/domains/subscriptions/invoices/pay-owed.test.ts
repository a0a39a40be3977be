/** What is owed is charged to a new card at once, and once; a refusal leaves the debt and says so. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import {
  auditOf,
  createPayer,
  currentRow,
  eventsOf,
  type Payer,
  stateOf,
  subscribe,
  withBilling,
} from '@/dev/testing/stripe-life';
import { refreshSubscription } from '@/lib/domains/subscriptions/checkout/checkout-return';
import { payOwed } from '@/lib/domains/subscriptions/invoices/pay-owed';
import { readSubscription } from '@/lib/domains/subscriptions/queries';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { storeEvents } from '@/lib/domains/subscriptions/sync/inbox';
import { processDue } from '@/lib/domains/subscriptions/sync/process';
import { invoices } from '@/lib/domains/subscriptions/tables';
import { db } from '@/lib/platform/db';

const billing = withBilling();

/** A customer whose renewal was not paid, by a card that the subscription is pinned to; `grace` days later. */
async function owing(graceDays = 0): Promise<{ payer: Payer; id: string; invoice: string }> {
  const payer = await createPayer(billing, { card: null });
  const customer = payer.stripeCustomerId;
  const { id: card } = await billing.client.paymentMethods.attach('pm_card_visa', { customer });
  const made = await subscribe(billing, payer, 'SCALE', { default_payment_method: card });
  await syncSubscription(made.id, 'stripe');
  await billing.control('card', { customer, behaviour: 'declined' });
  const renewed = (made.items.data[0]?.current_period_end ?? 0) + 7_200;
  await billing.control('clock', { customer, advance_to: renewed });
  await storeEvents(await eventsOf(billing, customer));
  await processDue({ stripeCustomers: [customer] });
  if (graceDays > 0) {
    const clock = () => new Date(Date.now() + graceDays * 86_400_000);
    await syncSubscription(made.id, 'stripe', { ctx: { ...payer.system, clock } });
  }
  const { latest_invoice: invoice } = await billing.client.subscriptions.retrieve(made.id);
  return { payer, id: made.id, invoice: String(invoice) };
}

/** Makes a new card the customer's default, as Stripe's portal does. */
async function newCard({ stripeCustomerId: customer }: Payer, token = 'pm_card_mastercard'): Promise<void> {
  const { id: card } = await billing.client.paymentMethods.attach(token, { customer });
  await billing.client.customers.update(customer, { invoice_settings: { default_payment_method: card } });
}

const comeBack = async (payer: Payer) => {
  await refreshSubscription(payer.as('OWNER'));
  return (await payOwed(payer.as('OWNER'), {})).result;
};

test.each([
  ['within the grace', 0, { profile: 'ACTIVE', refused: null }],
  ['after it, with runs refused', 8, { profile: 'CANCELLED', refused: 'subscription_inactive' }],
])('who owes %s sees the open invoice’s page, puts in a card, and is active at once', async (_, days, before) => {
  const { payer, invoice } = await owing(days);
  expect(await stateOf(payer)).toMatchObject(before);
  const { hosted_invoice_url: url } = await billing.client.invoices.retrieve(invoice);
  expect(url).toMatch(/^http/);
  expect((await readSubscription(payer.as('OWNER'))).past_due).toMatchObject({
    invoice_url: url,
    reason: 'card declined',
  });
  expect((await readSubscription(payer.as('VIEWER'))).past_due).toMatchObject({ invoice_url: null, reason: null });
  await newCard(payer);
  expect(await comeBack(payer)).toEqual({ outcome: 'paid' });
  expect(await stateOf(payer)).toMatchObject({ status: 'ACTIVE', profile: 'ACTIVE', refused: null });
  expect(await readSubscription(payer.as('OWNER'))).toMatchObject({ past_due: null });
  expect(await currentRow(payer)).toMatchObject({ lastPaymentError: null, lastPaymentFailedAt: null });
  const [stored] = await db().select().from(invoices).where(eq(invoices.invoiceId, invoice));
  expect(stored).toMatchObject({ status: 'paid', lastError: null });
  expect(await auditOf(payer, 'subscription.pay_owed')).toMatchObject([
    { outcome: 'ok', actorType: 'user', after: { outcome: 'paid', invoices: [invoice] } },
  ]);
  expect(await comeBack(payer)).toEqual({ outcome: 'nothing' });
});

test('a new card that is refused is tried once, however often the page is loaded; the next card pays', async () => {
  const { payer, invoice } = await owing();
  const failures = async () =>
    (await eventsOf(billing, payer.stripeCustomerId)).filter(({ type }) => type === 'invoice.payment_failed').length;
  const before = await failures();
  await newCard(payer, 'pm_card_chargeCustomerFail');
  for (let load = 0; load < 3; load++) expect(await comeBack(payer)).toEqual({ outcome: 'declined' });
  expect(await failures()).toBe(before + 1);
  expect(await readSubscription(payer.as('OWNER'))).toMatchObject({ status: 'PAST_DUE' });
  expect((await billing.client.invoices.retrieve(invoice)).status).toBe('open');
  await newCard(payer);
  expect(await comeBack(payer)).toEqual({ outcome: 'paid' });
  expect(await readSubscription(payer.as('OWNER'))).toMatchObject({ status: 'ACTIVE', past_due: null });
});

test('who owes nothing is charged nothing, and leaves no audit row', async () => {
  const payer = await createPayer(billing);
  const { id } = await subscribe(billing, payer, 'STARTER');
  await syncSubscription(id, 'stripe');
  expect(await comeBack(payer)).toEqual({ outcome: 'nothing' });
  expect(await auditOf(payer, 'subscription.pay_owed')).toEqual([]);
  const { data } = await billing.client.invoices.list({ customer: payer.stripeCustomerId });
  expect(data).toHaveLength(1);
});

test('paying is for owners and admins', async () => {
  const { payer } = await owing();
  for (const role of ['COLLABORATOR', 'VIEWER'] as const)
    await expect(payOwed(payer.as(role), {})).rejects.toMatchObject({ code: 'forbidden' });
});
