import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { readCustomer } from '@/lib/domains/customers/profile';
import { customers } from '@/lib/domains/customers/tables';
import { signUp } from '@/lib/domains/organizations/onboarding';
import { provisionCustomers } from '@/lib/domains/organizations/provisioning';
import { updateOrganization } from '@/lib/domains/organizations/settings';
import { ensureStripeCustomer } from '@/lib/domains/subscriptions/stripe/stripe-customer';
import { users } from '@/lib/domains/team/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { newId, newUuid, randomText } from '@/lib/platform/ids';
import { stripe } from '@/lib/platform/stripe';

/** Sends the calls of `work` to a port where nobody answers. */
async function withoutStripe<Result>(work: () => Promise<Result>): Promise<Result> {
  const client = stripe() as unknown as { _api: { port: number | string } };
  const { port } = client._api;
  client._api.port = 9;
  try {
    return await work();
  } finally {
    client._api.port = port;
  }
}

async function personCtx(): Promise<Ctx> {
  const userId = newId('usr');
  const email = `new-${randomText(10)}@example.com`;
  await db().insert(users).values({ userId, email });
  return {
    actor: { type: 'person', id: userId, email },
    customerId: null,
    tenantDatasetId: null,
    requestId: newUuid(),
    ipPrefix: null,
    userAgent: null,
    clock: systemClock,
  };
}

test('without Stripe a sign-up succeeds in time, and the job makes the Stripe customer once Stripe is back', async () => {
  const ctx = await personCtx();
  const { customerId } = await withoutStripe(async () => {
    const started = Date.now();
    const { result } = await signUp(ctx, { company_name: 'Stripe Is Away', plan: 'STARTER' });
    expect(Date.now() - started).toBeLessThan(8_000);
    expect(await provisionCustomers(result.customerId)).toEqual({ ready: 0, waiting: 1, away: ['Stripe'] });
    return result;
  });
  expect((await readCustomer(customerId)).stripeCustomerId).toBeNull();
  expect(await provisionCustomers(customerId)).toEqual({ ready: 1, waiting: 0, away: [] });
  const { stripeCustomerId } = await readCustomer(customerId);
  expect(stripeCustomerId).toMatch(/^cus_/);
  const audit = await db().select().from(auditLog).where(eq(auditLog.customerId, customerId));
  expect(audit.map(row => row.action)).toContain('customer.record_stripe');
  expect(await provisionCustomers(customerId)).toEqual({ ready: 0, waiting: 0, away: [] });
}, 60_000);

test('a Stripe customer made by an attempt that was cut off is found again by its address', async () => {
  const { customer } = await createWorld();
  const made = await ensureStripeCustomer(customer);
  const again = await stripe().customers.list({ email: customer.adminEmail });
  expect(again.data.map(item => item.id)).toEqual([made]);
  expect(await ensureStripeCustomer(customer)).toBe(made);
  await provisionCustomers(customer.customerId);
  expect((await readCustomer(customer.customerId)).stripeCustomerId).toBe(made);
}, 60_000);

test('a changed name and billing address reach Stripe, after an outage by the job', async () => {
  const world = await createWorld();
  await provisionCustomers(world.customerId);
  const { stripeCustomerId } = await readCustomer(world.customerId);
  const change = { company_name: 'Renamed', billing_email: 'Bills@Example.com', phone_number: '+49 (30) 1234-567' };
  await withoutStripe(() => updateOrganization(world.as('ADMIN'), change));
  expect((await readCustomer(world.customerId)).stripeOutdated).toBe(true);
  await provisionCustomers(world.customerId);
  const wanted = { name: 'Renamed', email: 'bills@example.com', phone: '+49 (30) 1234-567' };
  expect(await stripe().customers.retrieve(stripeCustomerId ?? '')).toMatchObject(wanted);
  const stored = await readCustomer(world.customerId);
  expect(stored).toMatchObject({ stripeOutdated: false, tenantDatasetId: world.tenantDatasetId });
}, 60_000);

test('a customer whose deletion is asked for gets nothing new outside', async () => {
  const { customerId } = await createWorld();
  await db().update(customers).set({ deletionRequestedAt: new Date() }).where(eq(customers.customerId, customerId));
  expect(await provisionCustomers(customerId)).toEqual({ ready: 0, waiting: 0, away: [] });
});
