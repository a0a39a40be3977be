/** What the job ends and what Stripe says must agree: neither takes back the other's, until something is paid. */
import { expect, test } from 'vitest';
import { changesOf, createPayer, currentRow, stateOf, subscribe, withBilling } from '@/dev/testing/stripe-life';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { followDeadlines } from '@/lib/domains/subscriptions/standing/deadlines';
import { extendTrial } from '@/lib/domains/subscriptions/standing/suspension';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { addDays } from '@/lib/platform/clock';

const dayMs = 86_400_000;
const run = { pipeline_id: 'daily', trigger_type: 'api', trigger_by: 'test' } as const;
const billing = withBilling();

test('grace that the job ended stays ended however often Stripe says past_due, and a payment begins it all again', async () => {
  const payer = await createPayer(billing);
  const { id } = await subscribe(billing, payer, 'STARTER');
  await syncSubscription(id, 'stripe');
  await billing.control('card', { customer: payer.stripeCustomerId, behaviour: 'declined' });
  await billing.control('clock', { customer: payer.stripeCustomerId, seconds: 32 * 86_400 });
  await syncSubscription(id, 'stripe');
  const later = (days: number) => () => new Date(Date.now() + days * dayMs);
  const follow = (days: number) => followDeadlines({ clock: later(days), customers: [payer.customerId] });
  expect((await follow(6.9)).expired).toBe(0);
  expect((await follow(7)).expired).toBe(1);
  const ended = { status: 'EXPIRED', profile: 'CANCELLED', refused: 'subscription_inactive' };
  expect(await stateOf(payer)).toMatchObject(ended);
  await syncSubscription(id, 'stripe', { ctx: { ...payer.system, clock: later(8) } });
  expect((await follow(9)).expired).toBe(0);
  expect(await stateOf(payer)).toMatchObject(ended);
  await billing.control('card', { customer: payer.stripeCustomerId, behaviour: 'ok' });
  const { latest_invoice: invoice } = await billing.client.subscriptions.retrieve(id);
  await billing.client.invoices.pay(String(invoice));
  await syncSubscription(id, 'stripe', { ctx: { ...payer.system, clock: later(10) } });
  expect(await stateOf(payer)).toMatchObject({ status: 'ACTIVE', profile: 'ACTIVE', refused: null });
  expect((await startRun(payer.system, run, {})).run.status).toBe('RUNNING');
  expect((await changesOf(payer)).map(change => [change.toStatus, change.cause])).toEqual([
    ['TRIAL', 'sign_up'],
    ['ACTIVE', 'stripe'],
    ['PAST_DUE', 'stripe'],
    ['EXPIRED', 'grace_end'],
    ['ACTIVE', 'stripe'],
  ]);
}, 60_000);

test('a trial that has expired is adopted by the first subscription bought, and cannot be lengthened any more', async () => {
  const payer = await createPayer(billing, { plan: 'PROFESSIONAL' });
  const after = new Date(`${addDays(payer.subscription.trialEndDate ?? '', 1)}T00:00:00Z`);
  expect((await followDeadlines({ clock: () => after, customers: [payer.customerId] })).expired).toBe(1);
  const { id } = await subscribe(billing, payer, 'SCALE');
  await syncSubscription(id, 'stripe', { ctx: { ...payer.system, clock: () => new Date(after.getTime() + 1_000) } });
  expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE', dailyLimit: 100, refused: null });
  expect(await currentRow(payer)).toMatchObject({ subscriptionId: payer.subscription.subscriptionId, isTrial: false });
  const longer = extendTrial(payer.system, { days: 5, reason: 'too late' });
  await expect(longer).rejects.toMatchObject({ code: 'conflict' });
  expect((await followDeadlines({ clock: () => after, customers: [payer.customerId] })).expired).toBe(0);
}, 60_000);
