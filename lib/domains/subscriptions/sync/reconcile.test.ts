/** The nightly walk: whatever events were missed, both sides agree afterwards; a dry run says so and changes nothing. */
import { eq, sql } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import {
  changesOf,
  createPayer,
  currentRow,
  flagsOf,
  messagesOf,
  stateOf,
  subscribe,
  withBilling,
} from '@/dev/testing/stripe-life';
import { customers } from '@/lib/domains/customers/tables';
import { apiKeys } from '@/lib/domains/keys/tables';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { listFlags } from '@/lib/domains/subscriptions/sync/flags';
import { processDue } from '@/lib/domains/subscriptions/sync/process';
import { reconcileBilling } from '@/lib/domains/subscriptions/sync/reconcile';
import { invoices, stripeEvents, subscriptionChanges, subscriptions } from '@/lib/domains/subscriptions/tables';
import { teamMembers } from '@/lib/domains/team/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

const billing = withBilling();
// Each test begins with two sides that agree.
beforeEach(async () => {
  await reconcileBilling();
  await processDue();
});

const clean = {
  repaired: 0,
  missing: 0,
  failed: 0,
  missedEvents: 0,
  invoices: expect.objectContaining({ repaired: 0 }),
};

test('a subscription nobody told us of is found, and a second walk finds nothing to do', async () => {
  const payer = await createPayer(billing);
  await subscribe(billing, payer, 'PROFESSIONAL');
  const dry = await reconcileBilling({ dryRun: true });
  expect(dry).toMatchObject({ repaired: 1, missing: 0, invoices: { repaired: 1 } });
  expect(dry.missedEvents).toBeGreaterThan(0);
  expect(await stateOf(payer)).toMatchObject({ plan: 'STARTER', status: 'TRIAL' });
  expect(await reconcileBilling()).toMatchObject({ repaired: 1, missing: 0, failed: 0, invoices: { repaired: 1 } });
  expect(await stateOf(payer)).toMatchObject({ plan: 'PROFESSIONAL', status: 'ACTIVE', profile: 'ACTIVE' });
  expect((await changesOf(payer)).at(-1)).toMatchObject({ cause: 'reconcile', toPlan: 'PROFESSIONAL' });
  const [invoice] = await db().select().from(invoices).where(eq(invoices.customerId, payer.customerId));
  expect(invoice).toMatchObject({
    status: 'paid',
    totalCents: 19_900,
    currency: 'USD',
    billingReason: 'subscription_create',
  });
  expect(await reconcileBilling()).toMatchObject(clean);
});

test('an end that was missed is found, though Stripe lists the subscription no more', async () => {
  const payer = await createPayer(billing);
  const { id } = await subscribe(billing, payer, 'SCALE');
  await syncSubscription(id, 'stripe');
  await billing.client.subscriptions.cancel(id);
  expect(await reconcileBilling({ dryRun: true })).toMatchObject({ repaired: 1 });
  expect(await reconcileBilling()).toMatchObject({ repaired: 1, missing: 0 });
  expect(await stateOf(payer)).toMatchObject({ status: 'CANCELLED', refused: 'subscription_inactive' });
});

test('the nightly walk, also a dry one, counts a switch whose news were lost as a repair and flags nothing', async () => {
  const payer = await createPayer(billing);
  const { id: old } = await subscribe(billing, payer, 'STARTER');
  await syncSubscription(old, 'stripe');
  await reconcileBilling();
  const { flagged } = await reconcileBilling({ dryRun: true });
  await billing.client.subscriptions.cancel(old);
  const { id: recent } = await subscribe(billing, payer, 'SCALE');
  expect(await reconcileBilling({ dryRun: true })).toMatchObject({ flagged });
  expect(await stateOf(payer)).toMatchObject({ plan: 'STARTER' });
  await reconcileBilling();
  expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE', refused: null });
  expect(await flagsOf(recent)).toEqual([]);
});

test('a planned change that was missed is found', async () => {
  const payer = await createPayer(billing);
  const { id } = await subscribe(billing, payer, 'SCALE');
  await syncSubscription(id, 'stripe');
  const made = await billing.client.subscriptionSchedules.create({ from_subscription: id });
  const [now] = made.phases;
  await billing.client.subscriptionSchedules.update(made.id, {
    phases: [
      { items: [{ price: billing.prices.SCALE }], start_date: now?.start_date ?? 0, end_date: now?.end_date ?? 0 },
      { items: [{ price: billing.prices.STARTER }], duration: { interval: 'month', interval_count: 1 } },
    ],
  });
  expect(await reconcileBilling()).toMatchObject({ repaired: 1 });
  expect(await currentRow(payer)).toMatchObject({ scheduledPlanName: 'STARTER', planName: 'SCALE' });
  expect(await reconcileBilling()).toMatchObject(clean);
});

test('a failed payment whose event never came is told of once the event is fetched', async () => {
  const payer = await createPayer(billing);
  const made = await subscribe(billing, payer, 'SCALE');
  await billing.control('card', { customer: payer.stripeCustomerId, behaviour: 'declined' });
  // Late enough for the first attempt at the renewal, too early for the second.
  const renewed = (made.items.data[0]?.current_period_end ?? 0) + 7_200;
  await billing.control('clock', { customer: payer.stripeCustomerId, advance_to: renewed });
  const report = await reconcileBilling();
  expect(report.missedEvents).toBeGreaterThan(0);
  expect(await currentRow(payer)).toMatchObject({ status: 'PAST_DUE', lastPaymentError: 'card declined' });
  expect(await messagesOf(payer, 'payment_failed')).toEqual([]);
  await processDue();
  const mails = await messagesOf(payer, 'payment_failed');
  expect(new Set(mails.map(mail => mail.recipient)).size).toBe(2);
  expect(mails).toHaveLength(2);
  expect((await reconcileBilling()).missedEvents).toBe(0);
});

test('one of ours that Stripe does not have is reported and flagged, and changed by nobody', async () => {
  const payer = await createPayer(billing);
  const { id } = await subscribe(billing, payer, 'SCALE');
  await syncSubscription(id, 'stripe');
  await db()
    .update(subscriptions)
    .set({ stripeSubscriptionId: `${id}gone` })
    .where(eq(subscriptions.stripeSubscriptionId, id));
  expect(await reconcileBilling({ dryRun: true })).toMatchObject({ missing: 1 });
  expect(await flagsOf(`${id}gone`)).toEqual([]);
  const report = await reconcileBilling();
  expect(report).toMatchObject({ missing: 1 });
  expect(report.flagged).toBeGreaterThan(0);
  expect(await flagsOf(`${id}gone`)).toMatchObject([{ kind: 'missing_subscription', customerId: payer.customerId }]);
  expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE' });
  await db()
    .update(subscriptions)
    .set({ stripeSubscriptionId: id })
    .where(eq(subscriptions.stripeSubscriptionId, `${id}gone`));
  await reconcileBilling();
  expect((await flagsOf(`${id}gone`))[0]?.resolvedAt).not.toBeNull();
  expect((await flagsOf(id)).filter(flag => !flag.resolvedAt)).toEqual([]);
});

test('flags that still hold are seen again, those that do not are resolved', async () => {
  const { id: stranger } = await billing.client.customers.create({ email: 'stranger@example.com' });
  const card = await billing.client.paymentMethods.attach('pm_card_visa', { customer: stranger });
  const { id } = await subscribe(billing, { stripeCustomerId: stranger }, 'STARTER', {
    default_payment_method: card.id,
  });
  await reconcileBilling();
  const [first] = await flagsOf(stranger);
  expect(first).toMatchObject({ kind: 'unknown_customer', resolvedAt: null });
  await reconcileBilling();
  const [again] = await flagsOf(stranger);
  expect(again?.firstSeenAt).toEqual(first?.firstSeenAt);
  expect(again?.lastSeenAt.getTime()).toBeGreaterThan(first?.lastSeenAt.getTime() ?? 0);
  const staff = { ...systemCtx('x'), actor: { type: 'staff' as const, id: 'ann@example.com' } };
  expect((await listFlags(staff)).map(flag => flag.stripeId)).toContain(stranger);
  const [read] = await db()
    .select({ count: sql<number>`count(*)::int` })
    .from(auditLog)
    .where(eq(auditLog.action, 'billing_flag.list'));
  expect(read?.count).toBe(1);
  const payer = await createPayer(billing);
  await expect(listFlags(payer.as('OWNER'))).rejects.toMatchObject({ code: 'forbidden' });
  await billing.client.subscriptions.cancel(id);
  expect((await reconcileBilling()).resolved).toBeGreaterThan(0);
  expect((await flagsOf(stranger))[0]?.resolvedAt).not.toBeNull();
});

test('a flag for an invoice of somebody unknown stays as long as the invoice does, night after night', async () => {
  const { id: stranger } = await billing.client.customers.create({ email: 'stranger@example.com' });
  const { id: invoice = '' } = await billing.client.invoices.create({ customer: stranger });
  await billing.client.invoices.finalizeInvoice(invoice);
  await reconcileBilling();
  await processDue();
  const [first] = await flagsOf(stranger);
  expect(first).toMatchObject({ kind: 'unknown_customer', resolvedAt: null, detail: expect.stringContaining(invoice) });
  for (let night = 0; night < 2; night++) await reconcileBilling();
  const [still] = await flagsOf(stranger);
  expect(still).toMatchObject({ resolvedAt: null, firstSeenAt: first?.firstSeenAt, detail: first?.detail });
  expect(still?.lastSeenAt.getTime()).toBeGreaterThan(first?.lastSeenAt.getTime() ?? 0);
  const payer = await createPayer(billing);
  await db().update(customers).set({ stripeCustomerId: stranger }).where(eq(customers.customerId, payer.customerId));
  await reconcileBilling();
  expect((await flagsOf(stranger))[0]?.resolvedAt).not.toBeNull();
});

test('one that cannot be repaired does not keep the walk from the others', async () => {
  const [bad, good] = [await createPayer(billing), await createPayer(billing)];
  const odd = await subscribe(billing, bad, 'SCALE');
  await subscribe(billing, good, 'SCALE');
  // A plan's limits that no counter takes: what is written for this customer fails.
  await db().execute(sql`DELETE FROM quota_counters WHERE customer_id = ${bad.customerId}`);
  expect(await reconcileBilling()).toMatchObject({ failed: 1, repaired: 1 });
  expect(await stateOf(good)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE' });
  expect(await currentRow(bad)).toMatchObject({ planName: 'STARTER', status: 'TRIAL' });
  await billing.client.subscriptions.cancel(odd.id);
  for (const table of [invoices, subscriptionChanges, subscriptions, apiKeys, teamMembers, customers])
    await db().delete(table).where(eq(table.customerId, bad.customerId));
  await db().delete(stripeEvents).where(eq(stripeEvents.stripeCustomerId, bad.stripeCustomerId));
});

test('while Stripe is away the walk ends with an error, and what was repaired stays', async () => {
  await billing.control('fail', { path: '/v1/subscriptions', method: 'GET', times: 50, status: 503 });
  await expect(reconcileBilling()).rejects.toThrow(/control API/);
  await billing.control('fail', { path: '/v1/subscriptions', method: 'GET', times: 0 });
  expect(await reconcileBilling()).toMatchObject({ failed: 0 });
});
