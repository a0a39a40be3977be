/** The seed's side in Stripe, on a Stripe of its own: what is written is what the product would write. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type StartedDouble, startDouble } from '@/dev/doubles/stripe/start-double';
import { cast } from '@/dev/seed/cast';
import { billInStripe } from '@/dev/seed/stripe';
import { stripeAccount } from '@/dev/stack/services/stripe-account';
import { customers } from '@/lib/domains/customers/tables';
import { createCustomer } from '@/lib/domains/organizations/commands';
import { syncInvoice } from '@/lib/domains/subscriptions/invoices/invoice';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { invoices } from '@/lib/domains/subscriptions/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

let double: StartedDouble;
beforeAll(async () => {
  double = await startDouble(stripeAccount());
  vi.stubEnv('STRIPE_API_URL', double.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await double.stop();
});

const now = new Date();
async function seeded(paying: boolean) {
  const demo = cast.find(one => one.paying === paying);
  if (!demo) throw new Error('the cast has no such customer');
  const openedAt = new Date(now.getTime() - demo.openedDaysAgo * 86_400_000);
  const { result } = await createCustomer(
    systemCtx('seed', undefined, () => openedAt),
    {
      company_name: `Seed ${newId('t')}`,
      plan: demo.plan,
      owner_email: `${newId('t')}@seed.example`,
      owner_name: 'Olivia',
    },
  );
  const { customer } = result;
  const ids = await billInStripe(demo, customer, now);
  const [profile] = await db().select().from(customers).where(eq(customers.customerId, customer.customerId));
  return { ids, profile, row: await currentSubscription(db(), customer.customerId) };
}

test('the paying customer is active with a card and monthly paid invoices; Stripe has nothing to add', async () => {
  const { ids, profile, row } = await seeded(true);
  expect(profile).toMatchObject({
    stripeCustomerId: ids.customerId,
    status: 'ACTIVE',
    subscriptionPlan: 'PROFESSIONAL',
  });
  expect(row).toMatchObject({
    status: 'ACTIVE',
    stripeStatus: 'active',
    stripeSubscriptionId: ids.subscriptionId,
    paymentMethodOnFile: true,
  });
  expect(row.periodEnd?.getTime()).toBeGreaterThan(now.getTime());
  const kept = await db().select().from(invoices).where(eq(invoices.customerId, row.customerId));
  expect(kept.map(({ status }) => status)).toEqual(['paid', 'paid', 'paid', 'paid']);
  const id = ids.subscriptionId ?? '';
  expect(await syncSubscription(id, 'stripe')).toMatchObject({ outcome: 'unchanged', customerId: row.customerId });
  for (const { invoiceId } of kept) {
    expect(await syncInvoice(systemCtx('stripe'), invoiceId, id)).toMatchObject({ outcome: 'unchanged' });
  }
  expect(await double.client.customers.retrieve(ids.customerId)).toMatchObject({ test_clock: null });
});

test('the trial customer is known to Stripe and owes it nothing', async () => {
  const { ids, profile, row } = await seeded(false);
  expect(ids.subscriptionId).toBeNull();
  expect(profile).toMatchObject({ stripeCustomerId: ids.customerId, status: 'TRIAL' });
  expect(row).toMatchObject({ status: 'TRIAL', stripeSubscriptionId: null });
  expect((await double.client.subscriptions.list({ customer: ids.customerId, status: 'all' })).data).toEqual([]);
});
