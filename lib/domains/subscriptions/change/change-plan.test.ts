import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartedDouble } from '@/dev/doubles/stripe/start-double';
import { createPayer, ownStripe, type Payer, priceOf } from '@/dev/testing/billing';
import { createWorld } from '@/dev/testing/world';
import { storedCounter } from '@/lib/domains/quotas/counters';
import { changePlan, keepPlan } from '@/lib/domains/subscriptions/change/change-plan';
import { previewChange } from '@/lib/domains/subscriptions/change/preview';
import { readBilling, readSubscription } from '@/lib/domains/subscriptions/queries';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

let double: StartedDouble;
beforeAll(async () => {
  double = await ownStripe();
});
afterAll(() => double.stop());

const dayS = 86_400;
const nowS = () => Math.floor(Date.now() / 1000);
const inStripe = ({ subscriptionId }: Payer) => double.client.subscriptions.retrieve(subscriptionId);
const priceInStripe = async (payer: Payer) => (await inStripe(payer)).items.data[0]?.price.id;
const invoicesOf = async ({ stripeCustomerId }: Payer) =>
  (await double.client.invoices.list({ customer: stripeCustomerId, limit: 100 })).data;
const audited = async ({ world }: Payer, action: string) =>
  db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, action)))
    .orderBy(auditLog.sequence);
// The system's own calls do not wait for BigQuery.
const change = async ({ world }: Payer, input: object) => (await changePlan(world.system, input)).result;
/** What the confirm page would send now. */
async function shown({ world }: Payer, plan: string) {
  const preview = await previewChange(world.as('OWNER'), plan as PlanName);
  const { direction, amount_due_cents: amount_cents, proration_date } = preview;
  return { plan, direction, amount_cents, ...(proration_date === null ? {} : { proration_date }) };
}
const confirm = async (payer: Payer, plan: string, more: object = {}) =>
  change(payer, { ...(await shown(payer, plan)), ...more });
const view = ({ world }: Payer) => readSubscription(world.as('OWNER'));
const card = ({ stripeCustomerId }: Payer, behaviour: string) =>
  double.control('card', { customer: stripeCustomerId, behaviour });
const pass = ({ stripeCustomerId }: Payer, days: number) =>
  double.control('clock', { customer: stripeCustomerId, seconds: days * dayS });
const sync = ({ subscriptionId }: Payer) => syncSubscription(subscriptionId, 'stripe');

describe('up', () => {
  test('costs what the preview said, holds at once, with its limits, and is audited by who did it', async () => {
    const payer = await createPayer(double, 'STARTER');
    await pass(payer, 10);
    const preview = await previewChange(payer.world.as('OWNER'), 'SCALE');
    expect(preview).toMatchObject({ direction: 'upgrade', currency: 'USD', effective_at: null, misfits: [] });
    expect(preview.amount_due_cents).toBeGreaterThan(20_000);
    expect(preview.amount_due_cents).toBeLessThan(45_000);
    const { amount_due_cents: amount_cents, proration_date } = preview;
    const input = { plan: 'SCALE', proration_date, amount_cents, request_token: 'form-0001' };
    const { result } = await changePlan(payer.world.as('OWNER'), input);
    expect(result).toMatchObject({ plan: 'SCALE', status: 'ACTIVE', scheduled_plan: null });
    expect(await priceInStripe(payer)).toBe(await priceOf(double, 'SCALE'));
    const [newest] = await invoicesOf(payer);
    expect(newest).toMatchObject({ amount_paid: amount_cents, status: 'paid' });
    expect(await storedCounter(db(), payer.world.customerId)).toMatchObject({ dailyLimit: 100 });
    expect((await readBilling(payer.world.as('OWNER'))).limits).toMatchObject({ seats: 11, runs_per_day: 100 });
    const [row] = await audited(payer, 'subscription.change_plan');
    expect(row).toMatchObject({
      actorType: 'user',
      actorId: payer.world.members.OWNER.userId,
      before: { plan: 'STARTER' },
      after: { plan: 'SCALE' },
    });
  });

  test('is paid once however often it is clicked', async () => {
    const payer = await createPayer(double, 'STARTER');
    const { amount_due_cents: amount_cents, proration_date } = await previewChange(payer.world.as('OWNER'), 'SCALE');
    const input = { plan: 'SCALE', proration_date, amount_cents, request_token: 'form-0001' };
    const results = await Promise.all(Array.from({ length: 4 }, () => change(payer, input)));
    expect(results.map(({ plan }) => plan)).toEqual(Array(4).fill('SCALE'));
    expect((await invoicesOf(payer)).filter(invoice => invoice.billing_reason === 'subscription_update')).toHaveLength(
      1,
    );
    expect(await audited(payer, 'subscription.change_plan')).toHaveLength(1);
  });

  test('for another amount than the confirmed one is refused before anything is done', async () => {
    const payer = await createPayer(double, 'STARTER');
    const { proration_date } = await previewChange(payer.world.as('OWNER'), 'SCALE');
    await expect(change(payer, { plan: 'SCALE', proration_date, amount_cents: 1 })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^The amount has changed to \d+\.\d\d USD\. Nothing was changed\./),
    });
    expect(await view(payer)).toMatchObject({ plan: 'STARTER' });
    expect(await priceInStripe(payer)).toBe(await priceOf(double, 'STARTER'));
  });

  test.each([
    ['declined', /^The card was declined\. Nothing was changed\./],
    ['insufficient_funds', /^The card was declined\. Nothing was changed\./],
  ])(
    'with a card that is %s changes nothing and says what to do; another try with a good card works',
    async (behaviour, sentence) => {
      const payer = await createPayer(double, 'PROFESSIONAL');
      await card(payer, behaviour);
      await expect(confirm(payer, 'SCALE', { request_token: 'form-0001' })).rejects.toMatchObject({
        code: 'payment_failed',
        message: expect.stringMatching(sentence),
      });
      expect(await view(payer)).toMatchObject({ plan: 'PROFESSIONAL', status: 'ACTIVE' });
      expect(await priceInStripe(payer)).toBe(await priceOf(double, 'PROFESSIONAL'));
      expect((await inStripe(payer)).status).toBe('active');
      await card(payer, 'ok');
      expect(await confirm(payer, 'SCALE', { request_token: 'form-0002' })).toMatchObject({ plan: 'SCALE' });
    },
  );

  test('in a trial costs nothing and leaves the trial as it is', async () => {
    const trialEnd = nowS() + 9 * dayS;
    const payer = await createPayer(double, 'STARTER', { trialEnd });
    const preview = await previewChange(payer.world.as('OWNER'), 'PROFESSIONAL');
    expect(preview).toMatchObject({
      direction: 'upgrade',
      amount_due_cents: 0,
      proration_date: null,
      trial_end: new Date(trialEnd * 1000),
    });
    expect(await change(payer, { plan: 'PROFESSIONAL' })).toMatchObject({ plan: 'PROFESSIONAL', status: 'TRIAL' });
    expect(await inStripe(payer)).toMatchObject({ status: 'trialing', trial_end: trialEnd });
    expect((await invoicesOf(payer)).every(invoice => invoice.total === 0)).toBe(true);
  });
});

describe('down', () => {
  test('waits for the end of the period, says what will not fit, and then holds', async () => {
    const payer = await createPayer(double, 'PROFESSIONAL');
    const preview = await previewChange(payer.world.as('OWNER'), 'STARTER');
    const end = new Date(((await inStripe(payer)).items.data[0]?.current_period_end ?? 0) * 1000);
    expect(preview).toMatchObject({
      direction: 'downgrade',
      amount_due_cents: 0,
      effective_at: end,
      misfits: [{ what: 'seats', used: 4, limit: 2 }],
    });
    const result = await change(payer, { plan: 'STARTER' });
    expect(result).toMatchObject({ plan: 'PROFESSIONAL', scheduled_plan: 'STARTER', scheduled_at: end });
    expect(await view(payer)).toMatchObject({
      scheduled: { plan: 'STARTER', at: end },
      next_invoice: { at: end, amount_cents: 4_900 },
    });
    expect(await priceInStripe(payer)).toBe(await priceOf(double, 'PROFESSIONAL'));
    await pass(payer, 33);
    await sync(payer);
    expect(await view(payer)).toMatchObject({ plan: 'STARTER', status: 'ACTIVE', scheduled: null });
    expect(await storedCounter(db(), payer.world.customerId)).toMatchObject({ dailyLimit: 6 });
  });

  test('asked for again makes no second schedule; to another plan it changes the one there is', async () => {
    const payer = await createPayer(double, 'SCALE');
    await Promise.all([change(payer, { plan: 'STARTER' }), change(payer, { plan: 'STARTER' })]);
    expect(await change(payer, { plan: 'PROFESSIONAL' })).toMatchObject({ scheduled_plan: 'PROFESSIONAL' });
    const { data } = await double.client.subscriptionSchedules.list({ customer: payer.stripeCustomerId });
    expect(data).toHaveLength(1);
    expect(await audited(payer, 'subscription.change_plan')).toHaveLength(2);
  });

  test('in a trial waits for its end', async () => {
    const trialEnd = nowS() + 5 * dayS;
    const payer = await createPayer(double, 'SCALE', { trialEnd });
    expect(await change(payer, { plan: 'STARTER' })).toMatchObject({
      plan: 'SCALE',
      status: 'TRIAL',
      scheduled_at: new Date(trialEnd * 1000),
    });
    expect(await inStripe(payer)).toMatchObject({ status: 'trialing', trial_end: trialEnd });
    await pass(payer, 6);
    await sync(payer);
    expect(await view(payer)).toMatchObject({ plan: 'STARTER', status: 'ACTIVE' });
    const paid = (await invoicesOf(payer)).filter(invoice => invoice.total > 0);
    expect(paid.map(invoice => invoice.amount_paid)).toEqual([4_900]);
  });

  test('is taken back by keeping the plan, once, and the plan renews', async () => {
    const payer = await createPayer(double, 'PROFESSIONAL');
    await change(payer, { plan: 'STARTER' });
    const owner = payer.world.system;
    expect((await keepPlan(owner, {})).result).toMatchObject({ plan: 'PROFESSIONAL', scheduled_plan: null });
    expect((await keepPlan(owner, {})).result).toMatchObject({ scheduled_plan: null });
    expect(await audited(payer, 'subscription.keep_plan')).toHaveLength(1);
    expect((await inStripe(payer)).schedule).toBeNull();
    await pass(payer, 33);
    await sync(payer);
    expect(await view(payer)).toMatchObject({ plan: 'PROFESSIONAL', status: 'ACTIVE' });
  });

  test('is taken back by an upgrade; a refused card leaves it planned', async () => {
    const payer = await createPayer(double, 'PROFESSIONAL');
    await change(payer, { plan: 'STARTER' });
    await card(payer, 'declined');
    await expect(confirm(payer, 'SCALE')).rejects.toMatchObject({ code: 'payment_failed' });
    await sync(payer);
    expect(await view(payer)).toMatchObject({ plan: 'PROFESSIONAL', scheduled: { plan: 'STARTER' } });
    await card(payer, 'ok');
    expect(await confirm(payer, 'SCALE')).toMatchObject({ plan: 'SCALE', scheduled_plan: null });
  });
});

describe('refused', () => {
  test('while a payment is owed', async () => {
    const payer = await createPayer(double, 'STARTER');
    await card(payer, 'declined');
    await pass(payer, 33);
    await sync(payer);
    const refusal = { code: 'conflict', message: expect.stringMatching(/Pay the open invoice first/) };
    await expect(change(payer, { plan: 'SCALE' })).rejects.toMatchObject(refusal);
    await expect(previewChange(payer.world.as('OWNER'), 'SCALE')).rejects.toMatchObject(refusal);
  });

  test('while it is ending, with the day', async () => {
    const payer = await createPayer(double, 'STARTER');
    await double.client.subscriptions.update(payer.subscriptionId, { cancel_at_period_end: true });
    await sync(payer);
    const ends = (await view(payer)).ends_at;
    await expect(change(payer, { plan: 'SCALE' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        new RegExp(`^The subscription ends on ${ends?.getUTCDate()} .*Renew it in Stripe first`),
      ),
    });
  });

  test('without a subscription, before and after one', async () => {
    const world = await createWorld();
    const refusal = { code: 'conflict', details: { next: 'checkout' } };
    await expect(changePlan(world.as('OWNER'), { plan: 'SCALE' })).rejects.toMatchObject(refusal);
    await expect(keepPlan(world.as('OWNER'), {})).rejects.toMatchObject({ code: 'conflict' });
    const payer = await createPayer(double, 'STARTER');
    await double.client.subscriptions.cancel(payer.subscriptionId);
    await expect(change(payer, { plan: 'SCALE' })).rejects.toMatchObject(refusal);
  });

  test.each([
    [{ plan: 'FREE' }, 'plan'],
    [{ plan: 'SCALE', amount_cents: -1 }, 'amount_cents'],
    [{ plan: 'SCALE', proration_date: 1.5 }, 'proration_date'],
    [{ plan: 'SCALE', subscription: 'sub_1' }, 'subscription'],
  ])('%j', async (input, path) => {
    const world = await createWorld();
    const refusal = { code: 'invalid_input', fields: [expect.objectContaining({ path })] };
    await expect(changePlan(world.as('OWNER'), input)).rejects.toMatchObject(refusal);
  });
});

test('a call that Stripe answers too late is not said to have changed nothing', async () => {
  const payer = await createPayer(double, 'STARTER');
  const path = `/v1/subscriptions/${payer.subscriptionId}`;
  await double.control('fail', { path, method: 'POST', times: 2, status: 503 });
  await expect(confirm(payer, 'SCALE')).rejects.toMatchObject({
    code: 'payment_service_unavailable',
    message: expect.stringMatching(/^Stripe did not answer in time\. If the change was made/),
  });
  expect(await view(payer)).toMatchObject({ plan: 'STARTER' });
  expect(await confirm(payer, 'SCALE')).toMatchObject({ plan: 'SCALE' });
});

test('why a payment failed is for those who see invoices', async () => {
  const payer = await createPayer(double, 'STARTER');
  await card(payer, 'declined');
  await pass(payer, 33);
  await sync(payer);
  const asViewer = await readSubscription(payer.world.as('VIEWER'));
  expect(asViewer.past_due).toMatchObject({ reason: null });
  expect(asViewer.status).toBe('PAST_DUE');
});
