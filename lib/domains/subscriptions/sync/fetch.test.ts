/** What Stripe says is applied: each status, which row, and whose rules win. */
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import {
  auditOf,
  changesOf,
  createPayer,
  currentRow,
  customerRow,
  stateOf,
  subscribe,
  subscriptionRows,
  withBilling,
} from '@/dev/testing/stripe-life';
import { customers } from '@/lib/domains/customers/tables';
import { requestDeletion } from '@/lib/domains/organizations/deletion';
import { setLimits } from '@/lib/domains/subscriptions/change/set-limits';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { systemClock, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

const billing = withBilling();

const daySeconds = 86_400;
const inDays = (days: number) => Math.floor(Date.now() / 1_000) + days * daySeconds;
const sync = (id: string) => syncSubscription(id, 'stripe');

describe('each status of Stripe', () => {
  test('active: the trial’s row is adopted with plan, limits, profile and period, and one audit row says so', async () => {
    const payer = await createPayer(billing);
    const made = await subscribe(billing, payer, 'PROFESSIONAL');
    const result = await sync(made.id);
    expect(result).toMatchObject({ outcome: 'applied', customerId: payer.customerId });
    expect(result.mirror.map(ref => ref.mirror).sort()).toEqual([
      'customers.customer_profiles',
      'customers.customer_subscription_changes',
      'customers.customer_subscriptions',
    ]);
    expect(await stateOf(payer)).toEqual({
      plan: 'PROFESSIONAL',
      status: 'ACTIVE',
      profile: 'ACTIVE',
      profilePlan: 'PROFESSIONAL',
      dailyLimit: 25,
      refused: null,
    });
    const [row, ...others] = await subscriptionRows(payer);
    expect(others).toEqual([]);
    const end = made.items.data[0]?.current_period_end ?? 0;
    expect(row).toMatchObject({
      subscriptionId: payer.subscription.subscriptionId,
      stripeSubscriptionId: made.id,
      stripeStatus: 'active',
      stripePlanId: billing.prices.PROFESSIONAL,
      maxTeamMembers: 6,
      maxProviders: 6,
      maxApiCallsPerMonth: 100_000,
      monthlyPriceUsd: '199.00',
      isTrial: false,
      autoRenew: true,
      nextBillingDate: utcDay(new Date(end * 1_000)),
      periodEnd: new Date(end * 1_000),
      paymentMethodOnFile: true,
      subscriptionEndDate: null,
      cancelledAt: null,
    });
    expect((await changesOf(payer)).map(({ toPlan, toStatus, cause }) => [toPlan, toStatus, cause])).toEqual([
      ['STARTER', 'TRIAL', 'sign_up'],
      ['PROFESSIONAL', 'ACTIVE', 'stripe'],
    ]);
    const audit = await auditOf(payer, 'subscription.apply');
    expect(audit).toMatchObject([
      {
        actorType: 'stripe',
        actorId: made.id,
        before: { plan_name: 'STARTER', status: 'TRIAL', customer: { status: 'TRIAL' } },
        after: { plan_name: 'PROFESSIONAL', status: 'ACTIVE', customer: { status: 'ACTIVE' }, cause: 'stripe' },
      },
    ]);
  });

  test('a repeat changes nothing and writes no audit row', async () => {
    const payer = await createPayer(billing);
    const { id } = await subscribe(billing, payer, 'SCALE');
    await sync(id);
    const before = await currentRow(payer);
    expect(await sync(id)).toEqual({ outcome: 'unchanged', customerId: payer.customerId, mirror: [] });
    expect({ ...(await currentRow(payer)), stripeFetchedAt: null }).toEqual({ ...before, stripeFetchedAt: null });
    expect(await auditOf(payer, 'subscription.apply')).toHaveLength(1);
  });

  test.each([
    ['the first', 0],
    ['the last', daySeconds - 1],
  ])('trialing: the trial is Stripe’s, and so is its last day, from %s second on', async (_second, ofDay) => {
    const payer = await createPayer(billing);
    const end = Math.floor(inDays(6) / daySeconds) * daySeconds + ofDay;
    const { id } = await subscribe(billing, payer, 'STARTER', { trial_end: end });
    await sync(id);
    const last = utcDay(new Date(end * 1_000));
    expect(await currentRow(payer)).toMatchObject({
      status: 'TRIAL',
      isTrial: true,
      trialStartDate: payer.subscription.trialStartDate,
      trialEndDate: last,
      nextBillingDate: last,
    });
    expect(await customerRow(payer)).toMatchObject({ status: 'TRIAL', trialEndDate: last });
  });

  test('past_due keeps running for seven days, then runs are refused; paid, all is as before', async () => {
    const payer = await createPayer(billing);
    const { id } = await subscribe(billing, payer, 'STARTER');
    await sync(id);
    await billing.control('card', { customer: payer.stripeCustomerId, behaviour: 'declined' });
    await billing.control('clock', { customer: payer.stripeCustomerId, seconds: 32 * daySeconds });
    await sync(id);
    const owing = await currentRow(payer);
    expect(owing).toMatchObject({ status: 'PAST_DUE', stripeStatus: 'past_due', autoRenew: true });
    expect(owing.pastDueSince?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(await stateOf(payer)).toMatchObject({ profile: 'ACTIVE', refused: null });
    await sync(id);
    expect((await currentRow(payer)).pastDueSince).toEqual(owing.pastDueSince);
    const clock = () => new Date(Date.now() + 7 * daySeconds * 1_000);
    await syncSubscription(id, 'stripe', { ctx: { ...payer.system, clock } });
    expect(await stateOf(payer)).toMatchObject({
      status: 'EXPIRED',
      profile: 'CANCELLED',
      refused: 'subscription_inactive',
    });
    await billing.control('card', { customer: payer.stripeCustomerId, behaviour: 'ok' });
    const { latest_invoice: invoice } = await billing.client.subscriptions.retrieve(id);
    await billing.client.invoices.pay(String(invoice));
    await sync(id);
    expect(await currentRow(payer)).toMatchObject({ status: 'ACTIVE', pastDueSince: null });
    expect(await stateOf(payer)).toMatchObject({ profile: 'ACTIVE', refused: null });
  });

  test('cancelling at the period’s end: it renews no more, and goes on until then', async () => {
    const payer = await createPayer(billing);
    const { id } = await subscribe(billing, payer, 'STARTER');
    await billing.client.subscriptions.update(id, { cancel_at_period_end: true });
    await sync(id);
    const row = await currentRow(payer);
    expect(row).toMatchObject({ status: 'ACTIVE', autoRenew: false, nextBillingDate: null, cancelAt: row.periodEnd });
    expect(row.subscriptionEndDate).toBe(row.periodEnd && utcDay(row.periodEnd));
    await billing.client.subscriptions.update(id, { cancel_at_period_end: false });
    await sync(id);
    expect(await currentRow(payer)).toMatchObject({
      autoRenew: true,
      cancelAt: null,
      subscriptionEndDate: null,
      cancelledAt: null,
    });
  });

  test('canceled: runs are refused from the commit on', async () => {
    const payer = await createPayer(billing);
    const { id } = await subscribe(billing, payer, 'STARTER');
    await sync(id);
    await billing.client.subscriptions.cancel(id, { cancellation_details: { comment: 'too dear' } });
    await sync(id);
    expect(await currentRow(payer)).toMatchObject({
      status: 'CANCELLED',
      autoRenew: false,
      subscriptionEndDate: utcDay(systemClock()),
      cancellationReason: expect.stringContaining('too dear'),
    });
    expect(await stateOf(payer)).toMatchObject({ profile: 'CANCELLED', refused: 'subscription_inactive' });
  });

  test('paused: the trial ended without a card', async () => {
    const payer = await createPayer(billing, { card: null });
    const { id } = await subscribe(billing, payer, 'STARTER', {
      trial_end: inDays(3),
      trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
    });
    await sync(id);
    expect(await currentRow(payer)).toMatchObject({ status: 'TRIAL', paymentMethodOnFile: false });
    await billing.control('clock', { customer: payer.stripeCustomerId, seconds: 4 * daySeconds });
    await sync(id);
    expect(await currentRow(payer)).toMatchObject({ status: 'EXPIRED', stripeStatus: 'paused', nextBillingDate: null });
  });

  test('incomplete: nothing was bought, so the trial goes on', async () => {
    const payer = await createPayer(billing, { card: 'pm_card_chargeCustomerFail' });
    const made = await subscribe(billing, payer, 'SCALE', { payment_behavior: 'allow_incomplete' });
    expect(made.status).toBe('incomplete');
    expect(await sync(made.id)).toMatchObject({ outcome: 'not_current', mirror: [] });
    expect(await stateOf(payer)).toMatchObject({ plan: 'STARTER', status: 'TRIAL' });
  });
});

describe('which row, and whose rules win', () => {
  test('who comes back gets a new row, and the one that ended stays as it was', async () => {
    const payer = await createPayer(billing);
    const first = await subscribe(billing, payer, 'STARTER');
    await sync(first.id);
    await billing.client.subscriptions.cancel(first.id);
    await sync(first.id);
    const second = await subscribe(billing, payer, 'PROFESSIONAL');
    await sync(second.id);
    const rows = await subscriptionRows(payer);
    expect(rows.map(row => [row.planName, row.status, row.stripeSubscriptionId])).toEqual([
      ['PROFESSIONAL', 'ACTIVE', second.id],
      ['STARTER', 'CANCELLED', first.id],
    ]);
    expect(rows[0]).toMatchObject({ trialEndDate: null, cancelledAt: null, subscriptionEndDate: null });
    expect(await sync(first.id)).toMatchObject({ outcome: 'not_current', mirror: [] });
    expect(await stateOf(payer)).toMatchObject({ plan: 'PROFESSIONAL', status: 'ACTIVE', refused: null });
  });

  test('one that nobody saw live ends up as it does when somebody looked', async () => {
    const payer = await createPayer(billing);
    const { id } = await subscribe(billing, payer, 'SCALE');
    await billing.client.subscriptions.cancel(id);
    await sync(id);
    expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', status: 'CANCELLED', profile: 'CANCELLED' });
  });

  test('what staff raised lives until the plan changes', async () => {
    const payer = await createPayer(billing);
    const made = await subscribe(billing, payer, 'STARTER');
    await sync(made.id);
    await setLimits(payer.system, { dailyLimit: 50, monthlyLimit: 900 });
    await billing.client.subscriptions.update(made.id, { cancel_at_period_end: true });
    await sync(made.id);
    expect(await stateOf(payer)).toMatchObject({ dailyLimit: 50 });
    expect(await currentRow(payer)).toMatchObject({ maxPipelinesPerDay: 50 });
    await billing.client.subscriptions.update(made.id, {
      items: [{ id: made.items.data[0]?.id ?? '', price: billing.prices.SCALE }],
    });
    await sync(made.id);
    expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', dailyLimit: 100 });
  });

  test('staff’s suspension and a requested deletion win over an active subscription', async () => {
    const payer = await createPayer(billing);
    const { id } = await subscribe(billing, payer, 'SCALE');
    await db().update(customers).set({ status: 'SUSPENDED' }).where(eq(customers.customerId, payer.customerId));
    await sync(id);
    expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE', profile: 'SUSPENDED' });
    const leaving = await createPayer(billing);
    await requestDeletion(leaving.as('OWNER'), { confirm: leaving.customer.companyName });
    const last = await subscribe(billing, leaving, 'SCALE');
    await sync(last.id);
    expect(await stateOf(leaving)).toMatchObject({
      status: 'ACTIVE',
      profile: 'CANCELLED',
      refused: 'subscription_inactive',
    });
  });

  test('a planned change is known with its day, and forgotten when it is taken back', async () => {
    const payer = await createPayer(billing);
    const made = await subscribe(billing, payer, 'SCALE');
    const schedule = await billing.client.subscriptionSchedules.create({ from_subscription: made.id });
    const [now] = schedule.phases;
    const end = now?.end_date ?? 0;
    await billing.client.subscriptionSchedules.update(schedule.id, {
      end_behavior: 'release',
      phases: [
        { items: [{ price: billing.prices.SCALE }], start_date: now?.start_date ?? 0, end_date: end },
        {
          items: [{ price: billing.prices.STARTER }],
          start_date: end,
          duration: { interval: 'month', interval_count: 1 },
        },
      ],
    });
    await sync(made.id);
    expect(await currentRow(payer)).toMatchObject({
      planName: 'SCALE',
      scheduledPlanName: 'STARTER',
      scheduledAt: new Date(end * 1_000),
      stripeScheduleId: schedule.id,
    });
    await billing.client.subscriptionSchedules.release(schedule.id);
    await sync(made.id);
    expect(await currentRow(payer)).toMatchObject({
      scheduledPlanName: null,
      scheduledAt: null,
      stripeScheduleId: null,
    });
  });

  test('many at once for one subscription make one row and one audit row', async () => {
    const payer = await createPayer(billing);
    const { id } = await subscribe(billing, payer, 'PROFESSIONAL');
    const results = await Promise.all(Array.from({ length: 8 }, () => sync(id)));
    expect(results.filter(({ outcome }) => outcome === 'applied')).toHaveLength(1);
    expect(await auditOf(payer, 'subscription.apply')).toHaveLength(1);
    expect(await subscriptionRows(payer)).toHaveLength(1);
  });
});
