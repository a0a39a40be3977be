/** A planned change of plan survives what fails around it, and one that fails leaves nothing behind. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartedDouble } from '@/dev/doubles/stripe/start-double';
import { createPayer, ownStripe, type Payer, priceOf } from '@/dev/testing/billing';
import { changePlan } from '@/lib/domains/subscriptions/change/change-plan';
import { previewChange } from '@/lib/domains/subscriptions/change/preview';
import { readSubscription } from '@/lib/domains/subscriptions/queries';
import { type PlanName, plans } from '@/lib/domains/subscriptions/rules';
import { setUpCatalog } from '@/lib/domains/subscriptions/stripe/catalog';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';

let double: StartedDouble;
beforeAll(async () => {
  double = await ownStripe();
});
afterAll(() => double.stop());

const change = async ({ world }: Payer, input: object) => (await changePlan(world.system, input)).result;
const inStripe = ({ subscriptionId }: Payer) => double.client.subscriptions.retrieve(subscriptionId);
const view = async (payer: Payer) => {
  await syncSubscription(payer.subscriptionId, 'stripe');
  return readSubscription(payer.world.as('OWNER'));
};
const pass = ({ stripeCustomerId }: Payer, days: number) =>
  double.control('clock', { customer: stripeCustomerId, seconds: days * 86_400 });
const fail = (method: string, path: string, times: number, status: number | 'lost' = 500) =>
  double.control('fail', { path, method, times, status });
const schedules = async ({ stripeCustomerId }: Payer) =>
  (await double.client.subscriptionSchedules.list({ customer: stripeCustomerId })).data.map(({ status }) => status);

async function upgrade(payer: Payer, plan: PlanName) {
  const { direction, amount_due_cents, proration_date } = await previewChange(payer.world.as('OWNER'), plan);
  return change(payer, { plan, direction, amount_cents: amount_due_cents, proration_date });
}

/** PROFESSIONAL, with a change to STARTER planned for the period's end. */
async function planned(): Promise<Payer> {
  const payer = await createPayer(double, 'PROFESSIONAL');
  await change(payer, { plan: 'STARTER' });
  return payer;
}

describe('a change that is planned', () => {
  test('by who pays an older price is accepted after `stripe setup` has made a new one, and comes', async () => {
    const payer = await createPayer(double, 'PROFESSIONAL');
    const paid = await priceOf(double, 'PROFESSIONAL');
    const was = plans.PROFESSIONAL.priceUsdPerMonth;
    plans.PROFESSIONAL.priceUsdPerMonth = 249;
    try {
      await setUpCatalog();
    } finally {
      plans.PROFESSIONAL.priceUsdPerMonth = was;
    }
    expect(await priceOf(double, 'PROFESSIONAL')).not.toBe(paid);
    expect(await view(payer)).toMatchObject({ plan: 'PROFESSIONAL', monthly_price_cents: 19_900 });
    expect(await change(payer, { plan: 'STARTER' })).toMatchObject({ plan: 'PROFESSIONAL', scheduled_plan: 'STARTER' });
    expect((await inStripe(payer)).items.data[0]?.price.id).toBe(paid);
    await pass(payer, 33);
    expect(await view(payer)).toMatchObject({ plan: 'STARTER', scheduled: null });
    await setUpCatalog();
  });

  test('and refused by Stripe leaves no schedule on the subscription', async () => {
    const payer = await createPayer(double, 'PROFESSIONAL');
    await fail('POST', '/v1/subscription_schedules/sub_sched_*', 2);
    await expect(change(payer, { plan: 'STARTER' })).rejects.toMatchObject({ code: 'payment_service_unavailable' });
    expect((await inStripe(payer)).schedule).toBeNull();
    expect(await schedules(payer)).toEqual(['released']);
    await fail('POST', '/v1/subscription_schedules/sub_sched_*', 1, 400);
    await expect(change(payer, { plan: 'STARTER' })).rejects.toThrow(/planned/);
    expect((await inStripe(payer)).schedule).toBeNull();
    expect(await change(payer, { plan: 'STARTER' })).toMatchObject({ scheduled_plan: 'STARTER' });
  });

  test('in the month after another planned change came takes its schedule over', async () => {
    const payer = await createPayer(double, 'SCALE');
    await change(payer, { plan: 'PROFESSIONAL' });
    await pass(payer, 33);
    expect(await view(payer)).toMatchObject({ plan: 'PROFESSIONAL' });
    expect(await change(payer, { plan: 'STARTER' })).toMatchObject({ scheduled_plan: 'STARTER' });
    expect(await schedules(payer)).toHaveLength(1);
    await pass(payer, 31);
    expect(await view(payer)).toMatchObject({ plan: 'STARTER', status: 'ACTIVE', scheduled: null });
  });
});

describe('an upgrade that fails', () => {
  const kept = { plan: 'PROFESSIONAL', scheduled: { plan: 'STARTER' } };

  test.each([
    ['because Stripe is out of order', 'POST', (payer: Payer) => `/v1/subscriptions/${payer.subscriptionId}`, 2, 500],
    ['because Stripe refuses it', 'POST', (payer: Payer) => `/v1/subscriptions/${payer.subscriptionId}`, 1, 400],
    ['because Stripe is busy', 'POST', (payer: Payer) => `/v1/subscriptions/${payer.subscriptionId}`, 2, 429],
    ['before the schedule is let go', 'POST', () => '/v1/subscription_schedules/*', 2, 500],
  ])('%s keeps the change that was planned', async (_, method, path, times, status) => {
    const payer = await planned();
    await fail(method, path(payer), times, status);
    await expect(upgrade(payer, 'SCALE')).rejects.toThrow();
    expect(await view(payer)).toMatchObject(kept);
    expect((await schedules(payer)).filter(found => found === 'active')).toHaveLength(1);
  });

  test('only on the way back to us was made, and is answered as made', async () => {
    const payer = await planned();
    await fail('POST', `/v1/subscriptions/${payer.subscriptionId}`, 2, 'lost');
    expect(await upgrade(payer, 'SCALE')).toMatchObject({ plan: 'SCALE', scheduled_plan: null });
    const { data } = await double.client.invoices.list({ customer: payer.stripeCustomerId });
    expect(data.filter(invoice => invoice.billing_reason === 'subscription_update')).toHaveLength(1);
  });

  test('after the plan was let go without an answer keeps the change that was planned', async () => {
    const payer = await planned();
    await fail('POST', '/v1/subscription_schedules/*', 2, 'lost');
    await expect(upgrade(payer, 'SCALE')).rejects.toMatchObject({ code: 'payment_service_unavailable' });
    expect(await view(payer)).toMatchObject(kept);
  });

  test('and cannot put the plan back says so, with its own reason, and not that nothing was changed', async () => {
    const payer = await planned();
    await double.control('card', { customer: payer.stripeCustomerId, behaviour: 'declined' });
    await fail('POST', '/v1/subscription_schedules', 2);
    const error = await upgrade(payer, 'SCALE').catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'payment_failed' });
    expect(String(error)).toMatch(
      /The card was declined\. The change that was planned .* was taken back\. Plan it again/,
    );
    expect(String(error)).not.toContain('Nothing was changed');
    expect(await view(payer)).toMatchObject({ plan: 'PROFESSIONAL', scheduled: null });
  });

  test('for a bank that asks the cardholder keeps the planned change, and says what to do', async () => {
    const payer = await planned();
    await double.control('card', { customer: payer.stripeCustomerId, behaviour: 'authentication_required' });
    await expect(upgrade(payer, 'SCALE')).rejects.toMatchObject({
      code: 'payment_failed',
      message: expect.stringMatching(/Nothing was changed\. Take the planned change back/),
    });
    expect(await view(payer)).toMatchObject(kept);
    expect((await inStripe(payer)).pending_update).toBeNull();
  });

  test('for a bank that asks waits in the month after a planned change came, when nothing else is planned', async () => {
    const payer = await planned();
    await pass(payer, 33);
    expect(await view(payer)).toMatchObject({ plan: 'STARTER' });
    await double.control('card', { customer: payer.stripeCustomerId, behaviour: 'authentication_required' });
    expect(await upgrade(payer, 'SCALE')).toMatchObject({ plan: 'STARTER', payment: { plan: 'SCALE' } });
    expect(await inStripe(payer)).toMatchObject({ status: 'active', schedule: null });
  });
});
