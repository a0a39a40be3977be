import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StartedDouble } from '@/dev/doubles/stripe/start-double';
import { createPayer, ownStripe, type Payer } from '@/dev/testing/billing';
import { createWorld } from '@/dev/testing/world';
import { requestDeletion, restoreOrganization } from '@/lib/domains/organizations/deletion';
import { changePlan } from '@/lib/domains/subscriptions/change/change-plan';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { followDeletion, followDeletions } from '@/lib/domains/subscriptions/stripe/renewal';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { db } from '@/lib/platform/db';

let double: StartedDouble;
beforeAll(async () => {
  double = await ownStripe();
});
afterAll(() => double.stop());

const inStripe = ({ subscriptionId }: Payer) => double.client.subscriptions.retrieve(subscriptionId);
const here = ({ world }: Payer) => currentSubscription(db(), world.customerId);
const ask = ({ world }: Payer) => requestDeletion(world.as('OWNER'), { confirm: world.customer.companyName });
const restore = ({ world }: Payer) => restoreOrganization(world.as('OWNER'), {});
const follow = (payer: Payer) => followDeletions({ customers: [payer.world.customerId] });

test('a subscription ends with its period once deletion is asked for, and renews again when the organization stays', async () => {
  const payer = await createPayer(double, 'PROFESSIONAL');
  await ask(payer);
  const ending = await inStripe(payer);
  expect(ending).toMatchObject({ cancel_at_period_end: true, metadata: { ends_with: 'organization' } });
  const { cancelAt, periodEnd, status } = await here(payer);
  expect([cancelAt, status]).toEqual([periodEnd, 'ACTIVE']);
  expect(await follow(payer)).toEqual({ changed: 0, failed: [], away: false });
  await restore(payer);
  const renewing = await inStripe(payer);
  expect(renewing).toMatchObject({ cancel_at_period_end: false, metadata: {} });
  expect((await here(payer)).cancelAt).toBeNull();
  expect(await follow(payer)).toEqual({ changed: 0, failed: [], away: false });
}, 60_000);

test('an end that the customer chose is neither marked nor taken back', async () => {
  const payer = await createPayer(double, 'STARTER');
  await double.client.subscriptions.update(payer.subscriptionId, { cancel_at_period_end: true });
  await syncSubscription(payer.subscriptionId, 'stripe');
  await ask(payer);
  await restore(payer);
  expect(await follow(payer)).toEqual({ changed: 0, failed: [], away: false });
  expect(await inStripe(payer)).toMatchObject({ cancel_at_period_end: true, metadata: {} });
}, 60_000);

test('a planned change of plan goes, because Stripe takes no end beside a schedule', async () => {
  const payer = await createPayer(double, 'PROFESSIONAL');
  await changePlan(payer.world.as('OWNER'), { plan: 'STARTER' });
  expect((await inStripe(payer)).schedule).not.toBeNull();
  await ask(payer);
  expect(await inStripe(payer)).toMatchObject({ cancel_at_period_end: true, schedule: null });
  expect(await here(payer)).toMatchObject({ planName: 'PROFESSIONAL', scheduledPlanName: null });
}, 60_000);

test('while Stripe is away deletion and restoration stand, and the job catches up on each', async () => {
  const payer = await createPayer(double, 'STARTER');
  await double.end();
  expect((await ask(payer)).result.deletion_requested_at).not.toBeNull();
  expect(await follow(payer)).toEqual({ changed: 0, failed: [], away: true });
  await double.start();
  expect(await follow(payer)).toEqual({ changed: 1, failed: [], away: false });
  expect((await inStripe(payer)).cancel_at_period_end).toBe(true);
  await double.end();
  expect((await restore(payer)).result.deletion_requested_at).toBeNull();
  await double.start();
  expect(await follow(payer)).toEqual({ changed: 1, failed: [], away: false });
  expect((await inStripe(payer)).cancel_at_period_end).toBe(false);
  expect((await here(payer)).cancelAt).toBeNull();
}, 90_000);

test('a customer without a subscription in Stripe asks nothing of it', async () => {
  const { customerId } = await createWorld();
  await double.end();
  expect(await followDeletion(customerId)).toBe(0);
  await double.start();
}, 60_000);
