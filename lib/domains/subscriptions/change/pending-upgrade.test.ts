/** A bank that asks the cardholder is no dead end: the upgrade waits for its payment and is made with it. */
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buttonsOf, heading, open, press } from '@/dev/doubles/stripe/pages/pages-browser';
import type { StartedDouble } from '@/dev/doubles/stripe/start-double';
import { createPayer, ownStripe, type Payer } from '@/dev/testing/billing';
import { changePlan, keepPlan } from '@/lib/domains/subscriptions/change/change-plan';
import { previewChange } from '@/lib/domains/subscriptions/change/preview';
import { readSubscription } from '@/lib/domains/subscriptions/queries';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

let double: StartedDouble;
beforeAll(async () => {
  double = await ownStripe();
});
afterAll(() => double.stop());

const preview = ({ world }: Payer, plan: PlanName) => previewChange(world.as('OWNER'), plan);
const invoices = async ({ stripeCustomerId }: Payer) =>
  (await double.client.invoices.list({ customer: stripeCustomerId, limit: 100 })).data.map(({ status, total }) => ({
    status,
    total,
  }));
const audited = async ({ world }: Payer) =>
  db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.customerId, world.customerId), eq(auditLog.targetType, 'subscription')))
    .orderBy(auditLog.sequence)
    .then(rows => rows.filter(({ action }) => action !== 'subscription.apply'));
async function view(payer: Payer) {
  await syncSubscription(payer.subscriptionId, 'stripe');
  return readSubscription(payer.world.as('OWNER'));
}
async function input(payer: Payer, plan: PlanName, request_token: string) {
  const { direction, amount_due_cents: amount_cents, proration_date } = await preview(payer, plan);
  return { plan, direction, amount_cents, proration_date, request_token };
}

/** A payer of STARTER whose bank asks, and the upgrade to SCALE that waits. */
async function waiting() {
  const payer = await createPayer(double, 'STARTER');
  await double.control('card', { customer: payer.stripeCustomerId, behaviour: 'authentication_required' });
  const asked = await input(payer, 'SCALE', 'form-0001');
  const { result } = await changePlan(payer.world.system, asked);
  if (!result.payment) throw new Error('nothing waits');
  return { payer, asked, result, payment: result.payment };
}

test('the upgrade waits with the confirmed amount; the plan stays until it is paid, and changes with it', async () => {
  const { payer, asked, result, payment } = await waiting();
  expect(result).toMatchObject({ plan: 'STARTER', status: 'ACTIVE', payment: { plan: 'SCALE', currency: 'USD' } });
  expect(payment.amount_due_cents).toBe(asked.amount_cents);
  expect(payment.expires_at.getTime() - Date.now()).toBeGreaterThan(22 * 3_600_000);
  expect(await view(payer)).toMatchObject({ plan: 'STARTER', status: 'ACTIVE', past_due: null });
  expect(await preview(payer, 'SCALE')).toMatchObject({ payment: { plan: 'SCALE', url: payment.url } });
  const page = await open(payment.url);
  const bank = await press(page, buttonsOf(page)[0] ?? '');
  expect(heading(bank)).toBe('Your bank asks');
  expect((await press(bank, 'Fail')).text).toContain('unable to authenticate');
  expect(await view(payer)).toMatchObject({ plan: 'STARTER' });
  await press(bank, 'Approve');
  expect(await view(payer)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE' });
  expect((await invoices(payer))[0]).toEqual({ status: 'paid', total: asked.amount_cents });
  expect(await preview(payer, 'SCALE')).toMatchObject({ direction: 'same', payment: null });
  const [row] = await audited(payer);
  expect(row).toMatchObject({
    action: 'subscription.change_plan',
    after: { plan: 'STARTER', payment: { plan: 'SCALE' } },
  });
  expect(JSON.stringify(row)).not.toContain(payment.url);
});

test('asked for again, by a double click or from another page, is the same invoice', async () => {
  const { payer, asked, payment } = await waiting();
  for (const again of [asked, await input(payer, 'SCALE', 'form-0002')])
    expect((await changePlan(payer.world.system, again)).result.payment).toEqual(payment);
  expect((await invoices(payer)).filter(({ status }) => status === 'open')).toHaveLength(1);
  expect(await audited(payer)).toHaveLength(1);
});

test('keeping the plan takes it back, with its invoice', async () => {
  const { payer } = await waiting();
  expect((await keepPlan(payer.world.system, {})).result).toMatchObject({ plan: 'STARTER', payment: null });
  expect((await invoices(payer))[0]).toMatchObject({ status: 'void' });
  expect((await audited(payer)).map(({ action }) => action)).toEqual([
    'subscription.change_plan',
    'subscription.keep_plan',
  ]);
});

test('a smaller plan asked for meanwhile takes it back and is planned', async () => {
  const payer = await createPayer(double, 'PROFESSIONAL');
  await double.control('card', { customer: payer.stripeCustomerId, behaviour: 'authentication_required' });
  expect(
    (await changePlan(payer.world.system, await input(payer, 'SCALE', 'form-0005'))).result.payment,
  ).not.toBeNull();
  const { result } = await changePlan(payer.world.system, { plan: 'STARTER' });
  expect(result).toMatchObject({ plan: 'PROFESSIONAL', scheduled_plan: 'STARTER', payment: null });
  expect((await invoices(payer))[0]).toMatchObject({ status: 'void' });
});

test('another bigger plan takes its place', async () => {
  const { payer } = await waiting();
  const other = (await changePlan(payer.world.system, await input(payer, 'PROFESSIONAL', 'form-0003'))).result;
  expect(other.payment).toMatchObject({ plan: 'PROFESSIONAL' });
  expect((await invoices(payer)).map(({ status }) => status)).toEqual(['open', 'void', 'paid']);
  await double.control('card', { customer: payer.stripeCustomerId, behaviour: 'ok' });
  const made = await changePlan(payer.world.system, await input(payer, 'SCALE', 'form-0004'));
  expect(made.result).toMatchObject({ plan: 'SCALE', payment: null });
  expect((await invoices(payer)).map(({ status }) => status)).toEqual(['paid', 'void', 'void', 'paid']);
});

test('not confirmed within a day it is forgotten, with nothing charged and nothing owed', async () => {
  const { payer } = await waiting();
  await double.control('clock', { customer: payer.stripeCustomerId, seconds: 23 * 3_600 + 60 });
  expect(await view(payer)).toMatchObject({ plan: 'STARTER', status: 'ACTIVE', past_due: null });
  expect((await invoices(payer)).map(({ status }) => status)).toEqual(['void', 'paid']);
  expect(await preview(payer, 'SCALE')).toMatchObject({ direction: 'upgrade', payment: null });
});
