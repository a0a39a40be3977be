/** Nobody is charged an amount that nobody saw, and nobody chooses the price. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartedDouble } from '@/dev/doubles/stripe/start-double';
import { createPayer, ownStripe, type Payer, priceOf } from '@/dev/testing/billing';
import { requestDeletion } from '@/lib/domains/organizations/deletion';
import { changePlan } from '@/lib/domains/subscriptions/change/change-plan';
import { quoteSeconds } from '@/lib/domains/subscriptions/change/change-rules';
import { previewChange } from '@/lib/domains/subscriptions/change/preview';
import { readSubscription } from '@/lib/domains/subscriptions/queries';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';

let double: StartedDouble;
beforeAll(async () => {
  double = await ownStripe();
});
afterAll(() => double.stop());

const daySeconds = 86_400;
const nowS = () => Math.floor(Date.now() / 1000);
const preview = ({ world }: Payer, plan: PlanName) => previewChange(world.as('OWNER'), plan);
const change = async ({ world }: Payer, input: object) => (await changePlan(world.system, input)).result;
const pass = ({ stripeCustomerId }: Payer, seconds: number) =>
  double.control('clock', { customer: stripeCustomerId, seconds });
const invoiced = async ({ stripeCustomerId }: Payer) =>
  (await double.client.invoices.list({ customer: stripeCustomerId, limit: 100 })).data.map(({ total }) => total);
const item = async ({ subscriptionId }: Payer) => {
  const [only] = (await double.client.subscriptions.retrieve(subscriptionId)).items.data;
  if (!only) throw new Error('no item');
  return only;
};

/** The change is refused with what holds now, and neither plan nor invoices differ. */
async function refused(payer: Payer, input: object, message: RegExp) {
  const [before, plan] = [await invoiced(payer), (await item(payer)).price.id];
  const error = await change(payer, input).then(
    () => expect.fail('it was made'),
    (thrown: { code: string; message: string; details: Record<string, unknown> }) => thrown,
  );
  expect(error).toMatchObject({ code: 'conflict', message: expect.stringMatching(message) });
  expect([await invoiced(payer), (await item(payer)).price.id]).toEqual([before, plan]);
  return error.details;
}

describe('an upgrade', () => {
  const changed = /^The amount has changed to \d+\.\d\d USD\. Nothing was changed\./;

  test.each([
    ['the last second of the period', (end: number) => end - 1],
    ['after the period', (end: number) => end + 60],
    ['the end of time', () => 4_102_444_800],
  ])('on the first day for %s is refused, and nothing is charged', async (_, at) => {
    const payer = await createPayer(double, 'STARTER');
    const proration_date = at((await item(payer)).current_period_end);
    await refused(payer, { plan: 'SCALE', proration_date, amount_cents: 0 }, changed);
    await refused(payer, { plan: 'SCALE', proration_date }, /^This change costs 450\.00 USD\./);
    expect(await invoiced(payer)).toEqual([4_900]);
  });

  test('for an instant before the period is refused with the amount of now, which then is accepted', async () => {
    const payer = await createPayer(double, 'STARTER');
    const { current_period_start: start } = await item(payer);
    const now = await refused(payer, { plan: 'SCALE', proration_date: start - 60, amount_cents: 45_000 }, changed);
    expect(now).toMatchObject({ direction: 'upgrade', currency: 'USD', amount_due_cents: expect.any(Number) });
    const { amount_due_cents: amount_cents, proration_date } = now;
    expect(await change(payer, { plan: 'SCALE', amount_cents, proration_date })).toMatchObject({ plan: 'SCALE' });
    expect((await invoiced(payer))[0]).toBe(amount_cents);
  });

  test('may be looked at for a quarter of an hour by Stripe’s own time, and no second more', async () => {
    const payer = await createPayer(double, 'STARTER');
    await pass(payer, 10 * daySeconds);
    const { amount_due_cents: amount_cents, proration_date } = await preview(payer, 'SCALE');
    const input = { plan: 'SCALE', direction: 'upgrade', amount_cents, proration_date };
    await pass(payer, quoteSeconds + 1);
    const now = await refused(payer, input, changed);
    expect(now.proration_date).toBe((proration_date ?? 0) + quoteSeconds + 1);
    await refused(payer, { ...input, proration_date: (proration_date ?? 0) + quoteSeconds + 60 }, changed);
    await pass(payer, 60);
    const again = await preview(payer, 'SCALE');
    await pass(payer, quoteSeconds);
    await change(payer, { ...input, amount_cents: again.amount_due_cents, proration_date: again.proration_date });
    expect((await invoiced(payer))[0]).toBe(again.amount_due_cents);
  });

  test('without its amount is refused and says what it costs', async () => {
    const payer = await createPayer(double, 'STARTER');
    const now = await refused(payer, { plan: 'SCALE' }, /^This change costs 450\.00 USD\. Nothing was changed\./);
    expect(now).toMatchObject({ direction: 'upgrade', amount_due_cents: 45_000 });
  });

  test('confirmed as free in a trial is refused once the trial is over', async () => {
    const payer = await createPayer(double, 'STARTER', { trialEnd: nowS() + 2 * daySeconds });
    const { direction, amount_due_cents: amount_cents, proration_date } = await preview(payer, 'SCALE');
    expect([direction, amount_cents, proration_date]).toEqual(['upgrade', 0, null]);
    await pass(payer, 3 * daySeconds);
    await refused(payer, { plan: 'SCALE', direction, amount_cents }, changed);
  });
});

describe('a downgrade', () => {
  test('that by now would be an upgrade charges nothing, and says what it would cost', async () => {
    const payer = await createPayer(double, 'SCALE');
    const { direction, amount_due_cents: amount_cents } = await preview(payer, 'PROFESSIONAL');
    expect([direction, amount_cents]).toEqual(['downgrade', 0]);
    await change(payer, { plan: 'STARTER' });
    await pass(payer, 33 * daySeconds);
    // Our row says SCALE still: what counts is what Stripe bills.
    const late = /^The plan has changed meanwhile: this is an upgrade now, for \d+\.\d\d USD\. Nothing was changed\./;
    const now = await refused(payer, { plan: 'PROFESSIONAL', direction, amount_cents }, late);
    expect(now).toMatchObject({ direction: 'upgrade', amount_due_cents: expect.any(Number) });
    await refused(payer, { plan: 'PROFESSIONAL', amount_cents }, /^The amount has changed/);
    await syncSubscription(payer.subscriptionId, 'stripe');
    expect(await readSubscription(payer.world.as('OWNER'))).toMatchObject({ plan: 'STARTER' });
  });

  test('confirmed as an upgrade is refused', async () => {
    const payer = await createPayer(double, 'SCALE');
    await refused(
      payer,
      { plan: 'STARTER', direction: 'upgrade' },
      /this change holds from the end of the paid period/,
    );
    await refused(payer, { plan: 'STARTER', amount_cents: 100 }, /^The amount has changed to 0\.00 USD/);
  });
});

test('a repeated upgrade takes nothing back that was planned after it', async () => {
  const payer = await createPayer(double, 'STARTER');
  const { direction, amount_due_cents: amount_cents, proration_date } = await preview(payer, 'SCALE');
  const input = { plan: 'SCALE', direction, amount_cents, proration_date };
  await change(payer, input);
  expect(await change(payer, input)).toMatchObject({ plan: 'SCALE' });
  await change(payer, { plan: 'STARTER' });
  await refused(payer, input, /^Scale is the plan already, and a change to Starter is planned\. Nothing was changed\./);
  expect(await change(payer, { plan: 'SCALE' })).toMatchObject({ plan: 'SCALE', scheduled_plan: null });
});

test('the current plan is shown at the price that is paid for it', async () => {
  const payer = await createPayer(double, 'PROFESSIONAL');
  const { product } = await double.client.prices.retrieve(await priceOf(double, 'PROFESSIONAL'));
  const old = await double.client.prices.create({
    product: String(product),
    currency: 'usd',
    unit_amount: 14_900,
    recurring: { interval: 'month' },
    metadata: { plan: 'PROFESSIONAL' },
  });
  const { id } = await item(payer);
  await double.client.subscriptions.update(payer.subscriptionId, { items: [{ id, price: old.id }] });
  await syncSubscription(payer.subscriptionId, 'stripe');
  expect(await preview(payer, 'SCALE')).toMatchObject({ current_price_cents: 14_900, monthly_price_cents: 49_900 });
});

test('an organization that is about to be erased changes no plan, and sees why', async () => {
  const payer = await createPayer(double, 'STARTER');
  await requestDeletion(payer.world.as('OWNER'), { confirm: payer.world.customer.companyName });
  const erased = { code: 'conflict', message: expect.stringMatching(/^This organization is about to be erased\./) };
  await expect(change(payer, { plan: 'SCALE' })).rejects.toMatchObject(erased);
  await expect(preview(payer, 'SCALE')).rejects.toMatchObject(erased);
});
